"""Carries a password-exempt contract (免密支付) from the pre-sign to its end.

It is a merchant's program in Python, with requests and cryptography, and no
library of WeChat Pay. Everything about WeChat Pay comes from the WECHATPAY_*
variables. The user, who would sign on a phone, is driven by the admin
interface of the emulator: act() is all that a program in production does not
have.
"""

import base64
import json
import os
import secrets
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue

import requests
from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if "WECHATPAY_BASE_URL" not in os.environ:
    sys.exit("the WECHATPAY_* variables are not set; set -a; . .wxpay/wxpay.env; set +a")

BASE_URL = os.environ["WECHATPAY_BASE_URL"]
MCH_ID = os.environ["WECHATPAY_MCHID"]
SERVICE_ID = 12535
NOTIFY_URL = "https://shop.example/wechatpay/notify"  # which leads to this program
USER = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"


def read(name):
    with open(os.environ[name], "rb") as file:
        return file.read()


PRIVATE_KEY = serialization.load_pem_private_key(read("WECHATPAY_MCH_PRIVATE_KEY_FILE"), password=None)
APIV3_KEY = os.environ["WECHATPAY_APIV3_KEY"].encode()

# Both keys of WeChat Pay, by serial: answers and notifications name theirs.
PLATFORM_KEYS = {
    os.environ["WECHATPAY_PUBLIC_KEY_ID"]: serialization.load_pem_public_key(read("WECHATPAY_PUBLIC_KEY_FILE")),
    os.environ["WECHATPAY_PLATFORM_SERIAL"]: x509.load_pem_x509_certificate(
        read("WECHATPAY_PLATFORM_CERT_FILE")
    ).public_key(),
}


def authorization(method, target, body):
    """Signs the five lines of a request (签名串)."""
    timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
    message = f"{method}\n{target}\n{timestamp}\n{nonce}\n{body}\n"
    signature = PRIVATE_KEY.sign(message.encode(), padding.PKCS1v15(), hashes.SHA256())
    return (
        f'WECHATPAY2-SHA256-RSA2048 mchid="{MCH_ID}",nonce_str="{nonce}",timestamp="{timestamp}",'
        f'serial_no="{os.environ["WECHATPAY_MCH_SERIAL"]}",signature="{base64.b64encode(signature).decode()}"'
    )


def verify(headers, body):
    """Raises ValueError unless WeChat Pay has signed these bytes just now."""
    timestamp, nonce = headers.get("Wechatpay-Timestamp", ""), headers.get("Wechatpay-Nonce", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > 300:
        raise ValueError("the timestamp is missing, or more than five minutes off")
    key = PLATFORM_KEYS.get(headers.get("Wechatpay-Serial", ""))
    if key is None:
        raise ValueError("the key that signed is unknown")
    try:
        signature = base64.b64decode(headers.get("Wechatpay-Signature", ""), validate=True)
        key.verify(signature, f"{timestamp}\n{nonce}\n".encode() + body + b"\n", padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise ValueError("the signature is wrong") from None


def call(method, target, body=None):
    """Calls APIv3, and returns the answer once its signature is checked."""
    text = "" if body is None else json.dumps(body, ensure_ascii=False)
    answer = requests.request(
        method,
        BASE_URL + target,
        data=text.encode(),
        headers={
            "Authorization": authorization(method, target, text),
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "wxpay-example-python",
            "Wechatpay-Serial": os.environ["WECHATPAY_PUBLIC_KEY_ID"],
        },
        timeout=10,
    )
    if not answer.ok:
        raise RuntimeError(f"{method} {target}: {answer.status_code} {answer.text}")
    verify(answer.headers, answer.content)
    return answer.json() if answer.content else None


def decrypt(resource):
    """Opens the resource of a notification."""
    plaintext = AESGCM(APIV3_KEY).decrypt(
        resource["nonce"].encode(),
        base64.b64decode(resource["ciphertext"]),
        resource.get("associated_data", "").encode(),
    )
    return json.loads(plaintext)


class Notifications(BaseHTTPRequestHandler):
    """The merchant's server: what is not WeChat Pay's is refused."""

    received = Queue()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            verify(self.headers, body)
            event = json.loads(body)
            self.received.put((event["event_type"], decrypt(event["resource"])))
            self.send_response(204)
        except (ValueError, KeyError, InvalidTag):
            self.send_response(401)
        self.end_headers()

    def log_message(self, *_):
        pass


def act(path):
    """Lets the user do something, by the emulator's admin interface."""
    requests.post(f"{BASE_URL}/_wxpay{path}", timeout=10).raise_for_status()


def main():
    server = HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Notifications)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    code = "python" + secrets.token_hex(8)
    contract = f"/v3/password-exempt-contract/contracts/service-id/{SERVICE_ID}/out-contract-code/{code}"

    session = call(
        "POST",
        "/v3/password-exempt-contract/contracts/normal/pre-entrust-sign/mini-program",
        {
            "appid": "wxd678efh567hg6787",
            "service_id": SERVICE_ID,
            "out_contract_code": code,
            "openid": USER,
            "notify_url": NOTIFY_URL,
            "contract_display_account": "微信用户",
        },
    )["pre_entrustweb_id"]
    print("pre-signed", code)

    act(f"/sessions/{session}/agree")
    event, resource = Notifications.received.get(timeout=20)
    print("notified", event, resource["out_contract_code"], resource["contract_state"])

    print("queried", call("GET", contract)["contract_state"])

    call("POST", contract + "/terminate", {"contract_termination_remark": "用户不再需要"})
    print("terminated", call("GET", contract)["contract_state"])


if __name__ == "__main__":
    main()
