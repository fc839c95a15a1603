package emulator

// passwordRules are those of 免密支付.
var passwordRules = []Rule{
	{"presign", "a password-exempt session lives two hours", Provenance{Documented, pageMini}, "TestTrap19ASessionDiesAtItsAge"},
	{"presign", "signing is offered after a payment within the session", Provenance{Documented, pageAfterPay}, "TestAfterPaymentContractFromPreSignToTermination"},
	{"presign", "an order paid after the session brings no offer", Provenance{Documented, pageAfterPay}, "TestAfterPaymentOfferIsOverWithItsSession"},
	{"presign", "the order must be one that can be paid", Provenance{Assumed, "the error table is not published"}, "TestPreSignAfterPaymentWantsAnOrderThatCanBePaid"},
	{"presign", "a code cannot be used again after its contract ended", Provenance{Documented, pageMini}, "TestTrap20AUsedCodeStaysUsed"},
	{"presign", "only a signing that succeeded is notified", Provenance{Documented, pageAfterPay}, "TestTrap21OnlySuccessIsNotified"},
	{"presign", "a later pre-sign takes the place of an earlier one", Provenance{Assumed, "no page says what a second pre-sign does"}, "TestANewSessionReplacesTheOldOne"},
	{"presign", "only the service provider's answer has sub_mchid", Provenance{Documented, pageAfterPay}, "TestTrap23OnlyTheServiceProvidersAnswerHasSubMchID"},
	{"contract.terminate", "password-exempt answers an echo, papay the contract", Provenance{Documented, pageEnd}, "TestTrap22TerminateAnswersDifferInShape"},
	{"presign", "a mini program is answered with the session, and the AppID and path of the signing mini program", Provenance{Documented, pageMini}, "TestTrap23OnlyTheServiceProvidersAnswerHasSubMchID"},
	{"presign", "another user who pays is not offered the contract", Provenance{Assumed, "that the user of the pre-sign signs is documented for 委托代扣"}, "TestAnotherPayerIsNotOffered"},
	{"presign", "the event of a signing is that of 委托代扣, with service_id in the place of plan_id", Provenance{Assumed, "no page describes it; the states are those of 委托代扣"}, "TestSigningIsNotified"},
	{"contract.query", "sub_appid and sub_openid stand beside the appid and openid of the caller", Provenance{Assumed, "from the names of the members"}, "TestTrap23OnlyTheServiceProvidersAnswerHasSubMchID"},
	{"presign", "a code has at most 32 digits and letters", Provenance{Documented, pageAfterPay}, "TestWhatAPreSignMayHold"},
	{"presign", "a code is of one contract per merchant, whatever the service or plan", Provenance{Documented, pageMini}, "TestACodeIsOfOneContractPerMerchant"},
	{"presign", "the notify URL is one of https, without a query, of at most 256 characters", Provenance{Documented, pageAfterPay}, "TestWhatAPreSignMayHold"},
	{"presign", "of openid and sub_openid one is required; both may be there", Provenance{Documented, pageAfterPay}, "TestOneOfTheUsersIsNamed"},
	{"presign", "of sp_openid and sub_openid likewise", Provenance{Assumed, "the field table has both as optional; as for institutions"}, "TestOneOfTheUsersIsNamed"},
	{"presign", "after a payment there is no session to launch", Provenance{Documented, pageAfterPay}, "TestAfterPaymentAnswersNoSession"},
	{"contract.query", "the query has no parameters beside its path", Provenance{Documented, pageByCode}, "TestTheQueryOfAPasswordExemptContract"},
	{"contract.terminate", "only a contract in force is ended, with a remark of at most 256 characters", Provenance{Documented, pageEnd}, "TestOnlyAContractInForceIsEnded"},
	{"deduction.apply", "the server deducts nothing: an order pays, with the contract in it", Provenance{Assumed, "there is no endpoint that would"}, "TestAPasswordExemptContractIsNotDeductedFrom"},
	{"order.create", "a prepay_id pays for two hours", Provenance{Documented, pageOrder}, "TestAPrepayIDPaysForTwoHours"},
}

// contractOrderRules are those of orders that a contract pays, or that a contract is signed with.
var contractOrderRules = []Rule{
	{"order.contract", "a password-exempt contract of the payer pays without a password", Provenance{Documented, pageContract}, "TestAContractPaysWithoutAPassword"},
	{"order.contract", "another user's contract does not pay", Provenance{Assumed, "the error table does not name the case"}, "TestAnotherUsersContractDoesNotPay"},
	{"order.contract", "a sub-merchant's contract pays its own orders", Provenance{Documented, pagePartnerContract}, "TestASubMerchantsContractPaysItsOrders"},
	{"order.contract", "the user signs by paying", Provenance{Documented, pageContract}, "TestTheUserSignsByPaying"},
	{"order.contract", "who declines to sign pays all the same", Provenance{Assumed, "the cashier offers the contract, the order is one of its own"}, "TestWhoDeclinesPaysWithoutSigning"},
	{"order.contract", "the contract is named by a token, a contract id, or what a signing needs; plan_id is a text", Provenance{Assumed, "from the names of the members; the type is documented"}, "TestAContractOrderNamesItsContract"},
	{"order.contract", "a token is taken as it is", Provenance{Assumed, "which pre-sign makes it, and what of the order it decides, is not documented"}, "TestATokenIsTakenAsItIs"},
	{"order.contract", "sub_openid needs the sub_appid that it is one of", Provenance{Documented, pagePartnerContract}, "TestASubMerchantsUserHasItsAppID"},
	{"order.contract", "at most five orders a day are paid without a password under one contract", Provenance{Documented, pageFAQ}, "TestFivePaymentsADayWithoutAPassword"},
	{"order.contract", "a sixth waits for its user, who pays with the password", Provenance{Assumed, "what becomes of it is not documented"}, "TestFivePaymentsADayWithoutAPassword"},
}
