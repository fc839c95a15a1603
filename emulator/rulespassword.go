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
}

// contractOrderRules are those of orders that a contract pays, or that a contract is signed with.
var contractOrderRules = []Rule{
	{"order.contract", "a password-exempt contract of the payer pays without a password", Provenance{Documented, pageContract}, "TestAContractPaysWithoutAPassword"},
	{"order.contract", "another user's contract does not pay", Provenance{Assumed, "the error table does not name the case"}, "TestAnotherUsersContractDoesNotPay"},
	{"order.contract", "a sub-merchant's contract pays its own orders", Provenance{Documented, pagePartnerContract}, "TestASubMerchantsContractPaysItsOrders"},
	{"order.contract", "the user signs by paying", Provenance{Documented, pageContract}, "TestTheUserSignsByPaying"},
	{"order.contract", "who declines to sign pays all the same", Provenance{Assumed, "the cashier offers the contract, the order is one of its own"}, "TestWhoDeclinesPaysWithoutSigning"},
}
