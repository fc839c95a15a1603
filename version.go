package wxpay

// Version is the release of this module. It is part of the User-Agent.
const Version = "0.1.0-dev"
