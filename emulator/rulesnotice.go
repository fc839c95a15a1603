package emulator

// echoRules are those of the test of signatures and encryption.
var echoRules = []Rule{
	{"echo", "what was sent comes back, the encrypted message encrypted with the certificate of the merchant", Provenance{Documented, pageEcho}, "TestEchoEncryptsForTheMerchant"},
	{"echo", "notified as SECURITY_ECHO.SUCCESS where a URL is given", Provenance{Documented, pageEchoTold}, "TestEchoIsNotifiedWhenItHasAURL"},
}

// launchRules are those of the way to the signing page.
var launchRules = []Rule{
	{"presign", "an app gets a mini program by its original id, a mini program one by its AppID, a page the address to open", Provenance{Documented, pagePresign}, "TestEachSceneIsAnsweredInItsOwnWay"},
	{"presign", "the address leads to the page where the user signs, and can be shown as a code", Provenance{Assumed, "the live address is opaque"}, "TestLinksLeadToTheirMerchant"},
	{"presign", "the page returns to return_url once the contract is signed", Provenance{Documented, pageHarmonySign}, "TestASessionKnowsWhereTheUserReturns"},
}

// noticeRules are those of every notification.
var noticeRules = []Rule{
	{"", "signed, and sealed with the APIv3 key; the headers are those of an answer", Provenance{Documented, pageNotice}, "TestSigningIsNotified"},
	{"", "sent again 15 times in 24 hours and 4 minutes", Provenance{Documented, pageNotice}, "TestScheduleOfAReceiverThatNeverAccepts"},
	{"", "sent again by a schedule of its own, where the page of the event has one", Provenance{Documented, pageToldAgain}, "TestAnEventIsSentAgainByItsOwnSchedule"},
	{"", "accepted by the status 200 or 204, whatever the body says", Provenance{Observed, pageNoticeStatus}, "TestTrap24TheStatusAloneAccepts"},
	{"", "answered within five seconds", Provenance{Documented, pageNotice}, "TestAnswerTimeIsFiveSeconds"},
	{"", "answered within one second where a coupon may be offered", Provenance{Documented, pageRetention}, "TestARetentionIsAnsweredWithinASecond"},
	{"", "without a URL nothing is sent", Provenance{Documented, pageNoticeURL}, "TestEchoIsNotifiedWhenItHasAURL"},
	{"", "the event is the same in each attempt, timestamp, nonce and signature are not", Provenance{Assumed, "the body of a repetition is documented nowhere; duplicates are known by its id"}, "TestScheduleOfAReceiverThatNeverAccepts"},
	{"", "late, twice, in another order, or as a probe of the signature, if that is asked for", Provenance{Documented, pageNoticeCare}, "TestEveryWayOfANotification"},
	{"", "in the seven days of the move to the public key, signed by either key", Provenance{Documented, pageMigration}, "TestNotificationsMoveToThePublicKeyInSevenDays"},
}

// fileRules are those of certificates and files.
var fileRules = []Rule{
	{"certificates", "platform certificates come sealed with the APIv3 key", Provenance{Documented, pageCertificates}, "TestCertificatesAreDownloadedEncrypted"},
	{"certificates", "a merchant with the public key alone has none", Provenance{Documented, pageNoCertificate}, "TestAMerchantWithThePublicKeyAloneHasNoCertificates"},
	{"file.address", "a bill is an address, and what is there is vouched for by its digest", Provenance{Documented, pageBill}, "TestABillIsFetchedInTwoSteps"},
}
