package emulator

// combinedRules are those of 电商合单委托代扣.
var combinedRules = []Rule{
	{"presign", "a session of combined deduction lives two hours", Provenance{Documented, pageCombineSign}, "TestACombinedSessionLivesTwoHours"},
	{"presign", "both ends of a combined contract are told at the URL of its pre-sign, with its attach", Provenance{Documented, pageCombineTold}, "TestACombinedContractIsToldAtItsPreSign"},
	{"presign", "a plan of combined deduction is for nothing else", Provenance{Documented, pageCombine}, "TestAPlanOfCombinedDeductionIsForNothingElse"},
	{"contract.query", "a combined contract is NOT_SIGNED, SIGNED or TERMINATED", Provenance{Documented, pageCombineQuery}, "TestACombinedContractHasThreeStates"},
	{"contract.terminate", "combined deduction answers an echo", Provenance{Documented, pageCombineEnd}, "TestACombinedContractIsToldAtItsPreSign"},
	{"deduction.combine", "the answer is the result of each sub-order", Provenance{Documented, pageCombine}, "TestACombinedDeductionAnswersItsResult"},
	{"deduction.combine", "the contract must be in force, and one of combined deduction", Provenance{Documented, pageCombine}, "TestCombinedDeductionWantsItsContract"},
	{"deduction.combine", "the same request has no second effect", Provenance{Documented, pageBasic}, "TestTheSameCombinedDeductionHasNoSecondEffect"},
	{"deduction.combine", "all sub-orders are deducted, or none", Provenance{Assumed, "the page does not speak of one that fails alone"}, "TestCombinedSubordersAreDeductedTogether"},
	{"deduction.combine", "every sub-order is the platform's own, in CNY, with a number of its own", Provenance{Assumed, "as of any order; the page's error table is not published"}, "TestCombinedSubordersAreDeductedTogether"},
	{"deduction.combine", "short of funds is NOT_ENOUGH, over a limit RULE_LIMIT", Provenance{Assumed, "the page's error table is not published"}, "TestHowCombinedDeductionsEnd"},
	{"deduction.combine", "a result that does not come leaves the sub-orders NOTPAY", Provenance{Assumed, "the page says to query, and names no state"}, "TestHowCombinedDeductionsEnd"},
	{"deduction.combine", "nobody is notified", Provenance{Documented, pageCombine}, "TestACombinedDeductionAnswersItsResult"},
	{"deduction.combine", "a sub-order is an order of its sub-merchant: it can be queried and refunded", Provenance{Assumed, "each has a number of its own at WeChat Pay"}, "TestACombinedSuborderIsRefunded"},
	{"deduction.reverse", "what was paid is REVOKED, what was not is CLOSED", Provenance{Assumed, "as orders are reversed elsewhere; the page names no state"}, "TestReversedIsRevokedOrClosed"},
	{"deduction.reverse", "all sub-orders are named", Provenance{Documented, pageReverse}, "TestAllSubordersAreReversed"},
	{"deduction.reverse", "what was refunded is not reversed", Provenance{Assumed, "money cannot be given back twice"}, "TestACombinedSuborderIsRefunded"},
	{"deduction.combined", "the query answers as the deduction did", Provenance{Documented, pageCombine}, "TestACombinedDeductionAnswersItsResult"},
}

// payeeRules are those of 个人收款方签约.
var payeeRules = []Rule{
	{"presign", "a session of an individual payee lives two hours", Provenance{Assumed, "the age is documented nowhere"}, "TestAPayeesSession"},
	{"presign", "an individual payee's code has up to 128 characters, _ and - too, and is unique", Provenance{Documented, pagePayeeName}, "TestAPayeesCode"},
	{"presign", "name and number of an individual payee are encrypted, and at most 64 characters", Provenance{Documented, pagePayeeName}, "TestAPayeesNameIsEncrypted"},
	{"presign", "an individual payee's contract is told to nobody", Provenance{Documented, pagePayee}, "TestAPayeeIsAuthorized"},
	{"contract.query", "an individual payee is AUTHORIZED while the contract is in force", Provenance{Documented, pagePayee}, "TestAPayeeIsAuthorized"},
	{"contract.query", "before the signing a payee is UNAUTHORIZED, since the pre-sign", Provenance{Assumed, "what signed_time holds before the signing is not documented"}, "TestAPayeeIsAuthorized"},
	{"contract.query", "a payee's newest authorization is found by the OpenID", Provenance{Documented, pagePayeeUser}, "TestAPayeeIsFoundByTheOpenID"},
	{"contract.query", "a payee is one of an AppID", Provenance{Documented, pagePayee}, "TestAPayeeIsFoundByTheOpenID"},
	{"contract.query", "a check of the real name gives a token, for two hours", Provenance{Assumed, "the page shows the token, and not how long it holds"}, "TestAPayeesNameIsEncrypted"},
}

// vehicleRules are those of 车主服务.
var vehicleRules = []Rule{
	{"presign", "the owner of a card for ETC is named in encrypted fields", Provenance{Documented, pagePreopen}, "TestETCFromPreopenToClosing"},
	{"presign", "the user chooses the vehicle of ETC that the pre-opening does not name", Provenance{Assumed, "the page has the plate as optional"}, "TestTheUserChoosesAVehicle"},
	{"presign", "a session of ETC lives two hours", Provenance{Assumed, "the age is documented nowhere"}, "TestTheUserChoosesAVehicle"},
	{"presign", "each change of a contract of ETC is told at the URL that is set up for its template", Provenance{Documented, pageETCTold}, "TestETCFromPreopenToClosing"},
	{"contract.query", "ETC is OPENED, PAUSE or DELETED", Provenance{Documented, pageETC}, "TestETCFromPreopenToClosing"},
	{"contract.query", "ETC is found by user, template and plate too", Provenance{Documented, pageETCUser}, "TestETCFromPreopenToClosing"},
	{"deduction.toll", "the contract must be OPENED", Provenance{Documented, pageToll}, "TestATollWantsAnOpenContract"},
	{"deduction.toll", "the answer is the order, paid or not", Provenance{Documented, pageToll}, "TestHowTollsEnd"},
	{"deduction.toll", "the plate is the contract's", Provenance{Assumed, "the contract is for one vehicle"}, "TestATollWantsAnOpenContract"},
	{"deduction.toll", "the same request has no second effect", Provenance{Documented, pageBasic}, "TestHowTollsEnd"},
	{"deduction.toll", "ACCEPTED until it ends late, PAY_FAIL after a failure", Provenance{Assumed, "the values are those of parking; the page lists none"}, "TestHowTollsEnd"},
	{"deduction.parking", "accepted is not paid: the result is an order and an event", Provenance{Documented, pageFee}, "TestAParkingFeeIsAccepted"},
	{"deduction.parking", "the entry must be NORMAL", Provenance{Documented, pageFee}, "TestAParkingFeeWantsItsEntry"},
	{"deduction.parking", "plate and colour are those of the entry, which is paid for once", Provenance{Assumed, "the page's error table is not published"}, "TestAParkingFeeWantsItsEntry"},
	{"deduction.parking", "a fee that failed is tried again", Provenance{Assumed, "as of other deductions; TRANSACTION.FAIL asks for a new order"}, "TestAParkingFeeIsTriedAgain"},
	{"deduction.parking", "the same request has no second effect", Provenance{Documented, pageBasic}, "TestAParkingFeeIsAccepted"},
	{"parking.enter", "NORMAL if the plate has the service, else BLOCKED with the reason", Provenance{Documented, pageEntry}, "TestAnEntryFollowsTheService"},
	{"parking.enter", "a change is told at the URL of the entry, as long as the vehicle is in", Provenance{Documented, pageEntryTold}, "TestAnEntryFollowsTheService"},
	{"parking.enter", "the same request makes no second entry, another is ALREADY_EXISTS", Provenance{Assumed, "the id is the merchant's own"}, "TestOneEntryANumber"},
	{"parking.service", "NORMAL, PAUSE or OUT_SERVICE, for the user who opened it", Provenance{Documented, pagePlate}, "TestTheServiceOfAPlate"},
	{"parking.service", "no plate has the service until somebody opens it", Provenance{Assumed, "it is opened in WeChat, which the emulator cannot see"}, "TestTheServiceOfAPlate"},
}

// globalRules are those of 境外委托代扣.
var globalRules = []Rule{
	{"presign", "a cross-border scene is answered with a session, an address to open, or one to show as a code", Provenance{Documented, pageGlobalSign}, "TestCrossBorderScenesAreAnsweredInTheirOwnWay"},
	{"presign", "expired_time ends a cross-border session", Provenance{Documented, pageGlobalSign}, "TestExpiredTimeEndsTheSession"},
	{"presign", "without expired_time a cross-border session lives two hours", Provenance{Assumed, "the default is not documented; it is that of password-exempt contracts"}, "TestExpiredTimeEndsTheSession"},
	{"presign", "a user who is seen at another address than user_client_ip cannot sign", Provenance{Documented, pageGlobalSign}, "TestOnlyTheNamedAddressSigns"},
	{"presign", "an institution's pre-sign names the user under the sub-merchant's appid", Provenance{Documented, pageGlobalSign}, "TestAnInstitutionSpeaksForItsSubMerchant"},
	{"contract.query", "a cross-border contract is SIGNED or TERMINATED; a signing that failed left none", Provenance{Assumed, "the list of states has no other"}, "TestACrossBorderSigningThatFailedLeavesNoContract"},
	{"contract.terminate", "cross-border: PAPAY.SIGN goes to the pre-sign's URL, PAPAY.TERMINATE to the template's", Provenance{Documented, pageGlobalTold}, "TestACrossBorderContractLivesAndEnds"},
	{"contract.terminate", "cross-border: ended by USER, MERCHANT or PLATFORM", Provenance{Documented, pageGlobalTold}, "TestTheThreeWhoEndACrossBorderContract"},
	{"deduction.apply", "a cross-border deduction is answered with its result", Provenance{Documented, pageGlobalPay}, "TestACrossBorderDeductionIsAnsweredWithItsResult"},
	{"deduction.apply", "a cross-border deduction that is not paid is an error, and no order", Provenance{Assumed, "that it is an error is documented; its code is not, and the query has no form for such an order"}, "TestACrossBorderDeductionThatIsNotPaidIsAnError"},
	{"order.reverse", "what is paid is refunded", Provenance{Assumed, "inferred from the reversal of 付款码支付"}, "TestAReversalRefundsWhatIsPaid"},
}

// eduRules are those of 教育续费通.
var eduRules = []Rule{
	{"presign", "education: each call makes another token, good for one signing", Provenance{Documented, pageEduSign}, "TestAnEducationTokenIsOfOneSigning"},
	{"presign", "a token of 教育续费通 lives two hours", Provenance{Assumed, "its life is not documented; it is that of 校园轻松付"}, "TestAnEducationTokenIsOfOneSigning"},
	{"presign", "where the pre-sign has no URL, a signing is told at the template's", Provenance{Assumed, "no request names one, and terminations are told there"}, "TestAnEducationContractLivesAndEnds"},
	{"contract.query", "education: ADD is signed, DELETE terminated, and sp_mchid the caller", Provenance{Documented, pageEduQuery}, "TestAnEducationContractLivesAndEnds"},
	{"contract.terminate", "教育续费通: signed and ended are ENTRUST.SIGNING and ENTRUST.RELEASE", Provenance{Documented, pageEduTold}, "TestAnEducationContractLivesAndEnds"},
	{"deduction.apply", "a renewal that succeeded used its notice up, one that failed is tried again", Provenance{Assumed, "a notice before each deduction is documented, what becomes of it is not"}, "TestARenewalUsesItsNoticeUp"},
	{"deduction.apply", "no renewal before the first day that was agreed upon", Provenance{Assumed, "that it is the first day is documented, the refusal is not"}, "TestNoRenewalBeforeTheFirstDay"},
	{"deduction.announce", "a renewal is announced one to three days before its deduction", Provenance{Documented, pageEduNotice}, "TestARenewalIsAnnouncedOneToThreeDaysBefore"},
	{"deduction.announce", "the days are those of Beijing", Provenance{Documented, pageEduNotice}, "TestTheDaysOfANoticeAreThoseOfBeijing"},
	{"deduction.announce", "a notice is not repeated while a deduction can come of it", Provenance{Assumed, "the page lets a repetition be sent or refused"}, "TestANoticeIsNotRepeatedWhileItHolds"},
	{"order.query", "education: ACCEPTED, SUCCESS, PAY_FAIL or REFUND, and the user under both appids", Provenance{Assumed, "the states are those of the events; the page of the query lists none"}, "TestARenewalUsesItsNoticeUp"},
	{"order.query", "a sub-merchant's renewal is found with it alone", Provenance{Documented, pageEduOrder}, "TestASubMerchantsRenewal"},
}

// schoolRules are those of 校园轻松付.
var schoolRules = []Rule{
	{"presign", "a token of 校园轻松付 lives two hours, and its user alone signs", Provenance{Documented, pageSchoolSign}, "TestACampusTokenLivesTwoHours"},
	{"presign", "a card of its own needs its owner and its number", Provenance{Documented, pageSchoolSign}, "TestACardOfItsOwnNeedsItsOwner"},
	{"contract.query", "校园轻松付: ADD or DELETE, and NOT_FOUND for none", Provenance{Documented, pageSchoolQuery}, "TestACampusContractLivesAndEnds"},
	{"contract.terminate", "校园轻松付: signed and ended are PAYSCORE.USER_OPEN_SERVICE and PAYSCORE.USER_CLOSE_SERVICE", Provenance{Documented, pageSchoolEnd}, "TestACampusContractLivesAndEnds"},
	{"deduction.apply", "a campus deduction is by the user_id of the signing, answers the order, and is notified either way", Provenance{Documented, pageSchoolPay}, "TestACampusDeductionAnswersTheOrder"},
	{"deduction.apply", "payment_mode SYNC is answered with the result, every other one before it", Provenance{Assumed, "from the name of the mode; the others are not known"}, "TestACampusDeductionAnswersTheOrder"},
	{"deduction.apply", "renewals and repayments are made one at a time, campus deductions as they come", Provenance{Assumed, "no page says so; a canteen cannot wait"}, "TestACampusDeductionAnswersTheOrder"},
	{"contract.list", "of one user under one plan, those in force first, page by page", Provenance{Documented, pageSchoolList}, "TestContractsAreListedByUser"},
	{"contract.list", "an offset is a multiple of limit, and a page knows its neighbours", Provenance{Documented, pageSchoolList}, "TestAPageOfCampusContractsKnowsItsNeighbours"},
	{"debt.query", "a deduction that found no money leaves a debt, which bars the user until it is paid back", Provenance{Documented, pageDebt}, "TestADebtBarsTheUserUntilItIsPaidBack"},
	{"debt.query", "a user without debts is NORMAL, and a change is told at the template's URL", Provenance{Assumed, "the list of states is not known, and no request names a URL"}, "TestADebtBarsTheUserUntilItIsPaidBack"},
}

// creditRules are those of 信贷还款.
var creditRules = []Rule{
	{"presign", "a token of credit repayment lives ten minutes", Provenance{Documented, pageLoanSign}, "TestACreditTokenLivesTenMinutes"},
	{"presign", "its code is used up once the signing began, even by a user who declined", Provenance{Documented, pageLoanSign}, "TestACreditCodeIsUsedUpByWhateverTheUserAnswers"},
	{"presign", "its identity is opened; a signing by somebody else failed, and makes no contract", Provenance{Documented, pageLoanSign}, "TestTheIdentityOfASigningIsOpened"},
	{"presign", "its order is deducted as soon as the contract is signed", Provenance{Assumed, "inferred from the members of trade_info"}, "TestTheOrderOfASigningIsDeductedWithIt"},
	{"contract.terminate", "credit repayment: the answer holds the contract, and who ended it", Provenance{Documented, pageLoanEnd}, "TestACreditContractLivesAndEnds"},
	{"contract.terminate", "credit repayment: both events, with the empty mode while the contract is in force", Provenance{Documented, pageLoanTold}, "TestACreditContractLivesAndEnds"},
	{"deduction.apply", "a repayment is made on the day that was scheduled", Provenance{Documented, pageRecord}, "TestARepaymentIsMadeOnItsDayAndOnce"},
	{"deduction.apply", "a repayment is made once, from the least amount to the whole", Provenance{Assumed, "the bounds are inferred, and no page speaks of a second one"}, "TestARepaymentIsMadeOnItsDayAndOnce"},
	{"deduction.apply", "the answer of a repayment is the order, not yet paid", Provenance{Documented, pageRepay}, "TestARepaymentIsMadeOnItsDayAndOnce"},
	{"deduction.apply", "only a repayment that succeeded is notified", Provenance{Documented, pageRepayTold}, "TestARepaymentThatFailedIsNotNotified"},
	{"repayment.schedule", "for a day from tomorrow to the 14th", Provenance{Documented, pageRecord}, "TestARepaymentIsScheduledForTomorrowToThe14thDay"},
	{"repayment.schedule", "at most the limit of the contract", Provenance{Documented, pageRecord}, "TestTheAmountsOfARepayment"},
	{"repayment.schedule", "at least 5 % of it as the least amount, whatever kind of loan the template is for", Provenance{Assumed, "5 % is documented for consumer loans and 10 % for cash loans; which of the two a template is for is set up with WeChat Pay"}, "TestTheAmountsOfARepayment"},
	{"repayment.schedule", "the same again is answered alike, another one of the number is refused", Provenance{Assumed, "the number is unique by the page; how a repetition is answered is not said"}, "TestAScheduledRepaymentIsRepeatedAndQueried"},
	{"repayment.query", "found by its number and its contract", Provenance{Documented, pageRecordQuery}, "TestAScheduledRepaymentIsRepeatedAndQueried"},
}
