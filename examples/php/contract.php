<?php

/**
 * Carries a password-exempt contract (免密支付) from the pre-sign to its end.
 *
 * It is a merchant's program in PHP, with Guzzle and the openssl extension, and
 * no library of WeChat Pay. Everything about WeChat Pay comes from the
 * WECHATPAY_* variables. The user, who would sign on a phone, is driven by the
 * admin interface of the emulator: act() is all that a program in production
 * does not have.
 */

declare(strict_types=1);

use GuzzleHttp\Client;
use GuzzleHttp\Psr7\Message;
use Psr\Http\Message\MessageInterface;

require is_file(__DIR__ . '/vendor/autoload.php') ? __DIR__ . '/vendor/autoload.php' : 'GuzzleHttp/autoload.php';

const SERVICE_ID = 12535;
const USER = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';
const NOTIFY_URL = 'https://shop.example/wechatpay/notify'; // which leads to this program

function env(string $name): string
{
    $value = getenv($name);
    if ($value === false || $value === '') {
        fwrite(STDERR, "$name is not set; set -a; . .wxpay/wxpay.env; set +a\n");
        exit(1);
    }
    return $value;
}

/** Throws unless WeChat Pay has signed this message just now. */
function verify(MessageInterface $message, string $body): void
{
    $timestamp = $message->getHeaderLine('Wechatpay-Timestamp');
    if (!ctype_digit($timestamp) || abs(time() - (int) $timestamp) > 300) {
        throw new UnexpectedValueException('the timestamp is missing, or more than five minutes off');
    }
    // Both keys of WeChat Pay, by serial: answers and notifications name theirs.
    $files = [
        env('WECHATPAY_PUBLIC_KEY_ID') => env('WECHATPAY_PUBLIC_KEY_FILE'),
        env('WECHATPAY_PLATFORM_SERIAL') => env('WECHATPAY_PLATFORM_CERT_FILE'),
    ];
    $file = $files[$message->getHeaderLine('Wechatpay-Serial')]
        ?? throw new UnexpectedValueException('the key that signed is unknown');
    $signature = base64_decode($message->getHeaderLine('Wechatpay-Signature'), true);
    $signed = "$timestamp\n{$message->getHeaderLine('Wechatpay-Nonce')}\n$body\n";
    if ($signature === false || openssl_verify($signed, $signature, openssl_pkey_get_public("file://$file"), OPENSSL_ALGO_SHA256) !== 1) {
        throw new UnexpectedValueException('the signature is wrong');
    }
}

/** Signs the five lines of a request (签名串). */
function authorization(string $method, string $target, string $body): string
{
    [$timestamp, $nonce] = [time(), bin2hex(random_bytes(16))];
    $key = openssl_pkey_get_private('file://' . env('WECHATPAY_MCH_PRIVATE_KEY_FILE'));
    openssl_sign("$method\n$target\n$timestamp\n$nonce\n$body\n", $signature, $key, OPENSSL_ALGO_SHA256);
    return sprintf(
        'WECHATPAY2-SHA256-RSA2048 mchid="%s",nonce_str="%s",timestamp="%d",serial_no="%s",signature="%s"',
        env('WECHATPAY_MCHID'),
        $nonce,
        $timestamp,
        env('WECHATPAY_MCH_SERIAL'),
        base64_encode($signature),
    );
}

/** Calls APIv3, and returns the answer once its signature is checked. */
function call(Client $http, string $method, string $target, ?array $body = null): array
{
    $text = $body === null ? '' : json_encode($body, JSON_THROW_ON_ERROR);
    $answer = $http->request($method, $target, ['body' => $text, 'headers' => [
        'Authorization' => authorization($method, $target, $text),
        'Accept' => 'application/json',
        'Content-Type' => 'application/json',
        'User-Agent' => 'wxpay-example-php',
        'Wechatpay-Serial' => env('WECHATPAY_PUBLIC_KEY_ID'),
    ]]);
    $text = (string) $answer->getBody();
    verify($answer, $text);
    return $text === '' ? [] : json_decode($text, true, 32, JSON_THROW_ON_ERROR);
}

/** Opens the resource of a notification. */
function decrypt(array $resource): array
{
    $sealed = base64_decode($resource['ciphertext'], true);
    $plaintext = openssl_decrypt(
        substr($sealed, 0, -16),
        'aes-256-gcm',
        env('WECHATPAY_APIV3_KEY'),
        OPENSSL_RAW_DATA,
        $resource['nonce'],
        substr($sealed, -16),
        $resource['associated_data'] ?? '',
    );
    if ($plaintext === false) {
        throw new UnexpectedValueException('the resource does not decrypt');
    }
    return json_decode($plaintext, true, 32, JSON_THROW_ON_ERROR);
}

/**
 * Waits for a notification, and returns its type and what it says. What is not
 * WeChat Pay's is refused. A shop does this in the script that its web server
 * runs at the notify_url.
 *
 * @param resource $server
 */
function notification($server): array
{
    while ($connection = stream_socket_accept($server, 20)) {
        $text = '';
        while (!str_contains($text, "\r\n\r\n") && ($line = fgets($connection)) !== false) {
            $text .= $line;
        }
        try {
            $head = Message::parseRequest($text);
            $body = stream_get_contents($connection, (int) $head->getHeaderLine('Content-Length'));
            verify($head, $body);
            $event = json_decode($body, true, 32, JSON_THROW_ON_ERROR);
            $resource = decrypt($event['resource']);
            fwrite($connection, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
            return [$event['event_type'], $resource];
        } catch (InvalidArgumentException | UnexpectedValueException | JsonException) {
            fwrite($connection, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        } finally {
            fclose($connection);
        }
    }
    throw new RuntimeException('no notification came');
}

/** Lets the user do something, by the emulator's admin interface. */
function act(Client $http, string $path): void
{
    $http->post("/_wxpay$path");
}

$http = new Client(['base_uri' => env('WECHATPAY_BASE_URL'), 'timeout' => 10]);
$server = stream_socket_server('tcp://127.0.0.1:' . (getenv('PORT') === false ? '9000' : getenv('PORT')))
    ?: throw new RuntimeException('the port is taken');
echo 'listening on http://', stream_socket_get_name($server, false), "\n";

$code = 'php' . bin2hex(random_bytes(8));
$contract = '/v3/password-exempt-contract/contracts/service-id/' . SERVICE_ID . "/out-contract-code/$code";

$session = call($http, 'POST', '/v3/password-exempt-contract/contracts/normal/pre-entrust-sign/mini-program', [
    'appid' => 'wxd678efh567hg6787',
    'service_id' => SERVICE_ID,
    'out_contract_code' => $code,
    'openid' => USER,
    'notify_url' => NOTIFY_URL,
    'contract_display_account' => '微信用户',
])['pre_entrustweb_id'];
echo "pre-signed $code\n";

act($http, "/sessions/$session/agree");
[$event, $resource] = notification($server);
echo "notified $event {$resource['out_contract_code']} {$resource['contract_state']}\n";

echo 'queried ', call($http, 'GET', $contract)['contract_state'], "\n";

call($http, 'POST', "$contract/terminate", ['contract_termination_remark' => '用户不再需要']);
echo 'terminated ', call($http, 'GET', $contract)['contract_state'], "\n";
