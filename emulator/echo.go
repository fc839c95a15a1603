package emulator

// echo sends back what it was sent, the encrypted message encrypted again, and
// does the same by notification if it was given a URL (商户签名验签／加解密测试).
// The event calls the encrypted member encrypt_echo_message.
func echo(e *Emulator, tx Tx, c *call) (map[string]any, error) {
	known := values{
		"echo_message":           c.text("echo_message"),
		"encrypted_echo_message": c.text("encrypted_echo_message"),
		"encrypt_echo_message":   c.text("encrypted_echo_message"),
	}
	_, err := e.notify(tx, c.now, "SECURITY_ECHO.SUCCESS", c.text("notify_url"), known)
	return known, err
}
