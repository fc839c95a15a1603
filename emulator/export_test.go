package emulator

// What external tests need of the inside.
var MerchantStore = merchantStore
