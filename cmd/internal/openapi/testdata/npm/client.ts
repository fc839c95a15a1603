// A client whose types are generated from the OpenAPI document: it signs what
// it sends, verifies what it receives, and prints what it got as JSON.
//
// It is set up by the variables that the emulator writes to wxpay.env.

import { createSign, createVerify, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import createClient, { type Middleware } from 'openapi-fetch';

import type { paths } from './wechatpay.js';

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

const key = readFileSync(setting('WECHATPAY_MCH_PRIVATE_KEY_FILE'));
const publicKey = readFileSync(setting('WECHATPAY_PUBLIC_KEY_FILE'));
const keyID = setting('WECHATPAY_PUBLIC_KEY_ID');

const signed: Middleware = {
  async onRequest({ request }) {
    const { pathname, search } = new URL(request.url);
    const timestamp = Math.floor(Date.now() / 1000).toString();
    const nonce = randomUUID().replaceAll('-', '');
    const body = await request.clone().text();
    const message = [request.method, pathname + search, timestamp, nonce, body, ''].join('\n');
    const signature = createSign('RSA-SHA256').update(message).sign(key, 'base64');
    const fields = {
      mchid: setting('WECHATPAY_MCHID'), nonce_str: nonce, timestamp, serial_no: setting('WECHATPAY_MCH_SERIAL'), signature,
    };
    const parts = Object.entries(fields).map(([name, value]) => `${name}="${value}"`);
    request.headers.set('Authorization', `WECHATPAY2-SHA256-RSA2048 ${parts.join(',')}`);
    request.headers.set('Wechatpay-Serial', keyID);
    request.headers.set('Accept', 'application/json');
    return request;
  },
  async onResponse({ response }) {
    const header = (name: string) => response.headers.get(`Wechatpay-${name}`) ?? '';
    const body = await response.clone().text();
    const message = [header('Timestamp'), header('Nonce'), body, ''].join('\n');
    const verifier = createVerify('RSA-SHA256').update(message);
    if (header('Serial') !== keyID || !verifier.verify(publicKey, header('Signature'), 'base64')) {
      throw new Error(`the answer with status ${response.status} is not signed by ${keyID}`);
    }
    return response;
  },
};

const wx = createClient<paths>({ baseUrl: setting('WECHATPAY_BASE_URL') });
wx.use(signed);

const { data, error, response } = await wx.POST('/v3/papay/sign/contracts/pre-entrust-sign', {
  body: {
    sign_scene: 'SIGN_SCENE_APP',
    appid: 'wxd678efh567hg6787',
    plan_id: 12535,
    out_contract_code: 'wxwtdk20200910100000',
    contract_display_account: '微信代扣用户A',
    contract_notify_url: 'https://yourapp.com/notify',
    out_user_code: '用户A',
    device_info: {
      device_type: 'DEVICE_TYPE_PHONE',
      device_os: 'HarmonyOS 5',
      device_id: 'example_device_id',
      device_running_as_root: false,
      device_ip: '203.0.113.7',
      weixin_installed: true,
      weixin_version: '8.0.50',
      days_since_first_login: 'DAYS_SINCE_FIRST_LOGIN_WITHIN_30_DAYS',
    },
  },
});
if (error) throw new Error(`${response.status} ${error.code}: ${error.message}`);
const session: string = data.pre_entrustweb_id; // does not compile unless the type says so

const refused = await wx.GET('/v3/papay/sign/contracts/plan-id/{plan_id}/out-contract-code/{out_contract_code}', {
  params: { path: { plan_id: 12535, out_contract_code: 'none' } },
});
const code: string | undefined = refused.error?.code;

console.log(JSON.stringify({ status: response.status, session, refused: refused.response.status, code }));
