// Carries a password-exempt contract (免密支付) from the pre-sign to its end.
//
// It is a merchant's program in JavaScript, with wechatpay-axios-plugin.
// Everything about WeChat Pay comes from the WECHATPAY_* variables. The user,
// who would sign on a phone, is driven by the admin interface of the emulator:
// act() is all that a program in production does not have.

import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import plugin from 'wechatpay-axios-plugin';

const { Wechatpay, Rsa, Formatter, Aes: { AesGcm } } = plugin;
const { env } = process;
if (!env.WECHATPAY_BASE_URL) {
  console.error('the WECHATPAY_* variables are not set; set -a; . .wxpay/wxpay.env; set +a');
  process.exit(1);
}

const serviceID = 12535;
const user = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
const notifyURL = 'https://shop.example/wechatpay/notify'; // which leads to this program

// Both keys of WeChat Pay, by serial: answers and notifications name theirs.
const certs = {
  [env.WECHATPAY_PUBLIC_KEY_ID]: readFileSync(env.WECHATPAY_PUBLIC_KEY_FILE),
  [env.WECHATPAY_PLATFORM_SERIAL]: readFileSync(env.WECHATPAY_PLATFORM_CERT_FILE),
};

// The client signs requests, and refuses an answer that it cannot verify.
const wxpay = new Wechatpay({
  baseURL: env.WECHATPAY_BASE_URL,
  mchid: env.WECHATPAY_MCHID,
  serial: env.WECHATPAY_MCH_SERIAL,
  privateKey: readFileSync(env.WECHATPAY_MCH_PRIVATE_KEY_FILE),
  certs,
});

// verify throws unless WeChat Pay has signed these bytes just now.
function verify(headers, body) {
  const timestamp = headers['wechatpay-timestamp'];
  const key = certs[headers['wechatpay-serial']];
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300)) {
    throw new Error('the timestamp is missing, or more than five minutes off');
  }
  if (!key) {
    throw new Error('the key that signed is unknown');
  }
  if (!Rsa.verify(Formatter.response(timestamp, headers['wechatpay-nonce'], body), headers['wechatpay-signature'] ?? '', key)) {
    throw new Error('the signature is wrong');
  }
}

// The merchant's server: what is not WeChat Pay's is refused.
const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) {
    parts.push(part);
  }
  const body = Buffer.concat(parts).toString();
  try {
    verify(request.headers, body);
    const { event_type: type, resource } = JSON.parse(body);
    const plaintext = AesGcm.decrypt(resource.ciphertext, env.WECHATPAY_APIV3_KEY, resource.nonce, resource.associated_data);
    server.emit('notified', type, JSON.parse(plaintext));
    response.writeHead(204).end();
  } catch {
    response.writeHead(401).end();
  }
});

// act lets the user do something, by the emulator's admin interface.
async function act(path) {
  const answer = await fetch(`${env.WECHATPAY_BASE_URL}/_wxpay${path}`, { method: 'POST' });
  if (!answer.ok) {
    throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }
}

async function main() {
  server.listen(Number(env.PORT ?? 9000), '127.0.0.1');
  await once(server, 'listening');
  console.log(`listening on http://127.0.0.1:${server.address().port}`);

  const code = `javascript${randomBytes(8).toString('hex')}`;
  const { data: { pre_entrustweb_id: session } } = await wxpay.v3.passwordExemptContract.contracts.normal.preEntrustSign.miniProgram.post({
    appid: 'wxd678efh567hg6787',
    service_id: serviceID,
    out_contract_code: code,
    openid: user,
    notify_url: notifyURL,
    contract_display_account: '微信用户',
  });
  console.log('pre-signed', code);

  const notified = once(server, 'notified', { signal: AbortSignal.timeout(20_000) });
  await act(`/sessions/${session}/agree`);
  const [type, resource] = await notified;
  console.log('notified', type, resource.out_contract_code, resource.contract_state);

  const address = `v3/password-exempt-contract/contracts/service-id/${serviceID}/out-contract-code/${code}`;
  const state = async () => (await wxpay.chain(address).get()).data.contract_state;
  console.log('queried', await state());

  await wxpay.chain(`${address}/terminate`).post({ contract_termination_remark: '用户不再需要' });
  console.log('terminated', await state());
}

try {
  await main();
} finally {
  server.close();
  server.closeAllConnections();
}
