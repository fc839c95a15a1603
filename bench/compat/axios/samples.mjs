// Sends each sample of ../testdata/samples.json with the original JavaScript
// client: three spellings (纯链式, 声明式, 属性式), each awaited and by then,
// and the shorthand that leaves out ".post". Prints one line of JSON for each.
//
// It is set up by the variables that the emulator writes to wxpay.env, and by
// COMPAT_MODE: which of the two keys of WeChat Pay it trusts, "public-key" or
// "certificate". The client refuses an answer that it cannot verify, so that
// an answer that gets here was verified; the last line shows that it does.

import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import plugin from 'wechatpay-axios-plugin';

const { Wechatpay } = plugin;
const env = process.env;
const samples = JSON.parse(readFileSync(new URL('../testdata/samples.json', import.meta.url), 'utf8'));

// The addresses as code, written out as the documents write them.
const chains = {
  'normal pay-redirect-sign': (wxpay) => wxpay.v3.passwordExemptContract.contracts.normal.preEntrustSign.payRedirectSign,
  'qs pay-redirect-sign': (wxpay) => wxpay.v3.passwordExemptContract.contracts.qs.preEntrustSign.payRedirectSign,
  'papay pre-entrust-sign': (wxpay) => wxpay.v3.papay.sign.contracts.preEntrustSign,
  'service-provider pay-redirect-sign': (wxpay) => wxpay.v3.passwordExemptContract.contracts.serviceProvider.preEntrustSign.payRedirectSign,
  'service-provider mini-program': (wxpay) => wxpay.v3.passwordExemptContract.contracts.serviceProvider.preEntrustSign.miniProgram,
};

const spellings = {
  chain: (wxpay, sample) => chains[sample.name](wxpay),
  declared: (wxpay, sample) => wxpay.chain(sample.path.slice(1)),
  indexed: (wxpay, sample) => wxpay[sample.path.slice(1)],
};

const modes = {
  await: async (resource, body) => {
    const { status, data } = await resource.post(body);
    return { status, data };
  },
  then: (resource, body) => resource.post(body).then(({ status, data }) => ({ status, data })),
  shorthand: (resource, body) => resource(body).then(({ status, data }) => ({ status, data })),
};

function client(certs) {
  return new Wechatpay({
    baseURL: env.WECHATPAY_BASE_URL,
    mchid: env.WECHATPAY_MCHID,
    serial: env.WECHATPAY_MCH_SERIAL,
    privateKey: readFileSync(env.WECHATPAY_MCH_PRIVATE_KEY_FILE),
    certs,
  });
}

function trusted() {
  switch (env.COMPAT_MODE) {
    case 'public-key':
      return { [env.WECHATPAY_PUBLIC_KEY_ID]: readFileSync(env.WECHATPAY_PUBLIC_KEY_FILE) };
    case 'certificate':
      return { [env.WECHATPAY_PLATFORM_SERIAL]: readFileSync(env.WECHATPAY_PLATFORM_CERT_FILE) };
    default:
      throw new Error('COMPAT_MODE must be public-key or certificate');
  }
}

// An axios error holds the whole request; only this much of it is printed.
const refusal = ({ code, message, response }) => ({ error: `${code}: ${message}`, status: response?.status, data: { refused: response?.data } });

const print = (line) => console.log(JSON.stringify(line));

const certs = trusted();
const wxpay = client({ ...certs });

for (const sample of samples) {
  for (const [spelling, address] of Object.entries(spellings)) {
    for (const [mode, send] of Object.entries(modes)) {
      const outcome = await send(address(wxpay, sample), sample.body).catch(refusal);
      print({ sample: sample.name, spelling, mode, ...outcome });
    }
  }
}

// The same answer under a key that did not sign it must be refused.
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
const misled = client(Object.fromEntries(Object.keys(certs).map((serial) => [serial, stranger.publicKey])));
print({ sample: 'wrong key', ...await modes.await(spellings.declared(misled, samples[0]), samples[0].body).catch(refusal) });
