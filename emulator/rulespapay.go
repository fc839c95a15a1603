package emulator

// harmonyRules are those of 鸿蒙委托代扣.
var harmonyRules = []Rule{
	{"presign", "HarmonyOS is answered by scene", Provenance{Assumed, "which member comes with which scene is inferred from the descriptions"}, "TestHarmonySessionsAnswerByScene"},
	{"contract.terminate", "a user of HarmonyOS ends a contract once the merchant was asked; a success allows it", Provenance{Documented, pageInquiry}, "TestTheMerchantIsAskedFirst"},
	{"deduction.apply", "a HarmonyOS contract has an endpoint of its own", Provenance{Documented, pageHarmonyPay}, "TestHarmonyDeduction"},
	{"contract.query", "found by plan-id too, and terminated there", Provenance{Assumed, "no page describes a termination by harmony-plan-id"}, "TestHarmonySessionsAnswerByScene"},
	{"presign", "a session lives two hours", Provenance{Assumed, "its page names no age; that of password-exempt contracts is taken"}, "TestAHarmonySessionLivesTwoHours"},
	{"presign", "out_user_code and every member of device_info are required, in the spelling of the page", Provenance{Documented, pageHarmonySign}, "TestWhatAHarmonyPreSignHolds"},
	{"presign", "the user who signs is the one that the pre-sign named, if it named one", Provenance{Documented, pageHarmonySign}, "TestAHarmonyPreSignThatNamesAUser"},
	{"contract.query", "the WeChat id of the user comes masked", Provenance{Assumed, "that it comes is documented, the form of the mask is not"}, "TestAHarmonyPreSignThatNamesAUser"},
	{"deduction.apply", "harmony_account_id is required", Provenance{Documented, pageHarmonyPay}, "TestAHarmonyPreSignThatNamesAUser"},
}

// queryRules are those of the query and the end of contracts of 委托代扣.
var queryRules = []Rule{
	{"contract.query", "a contract that was never signed is none", Provenance{Assumed, "the page wants one that was signed, and names no code"}, "TestNoContractIs404"},
	{"contract.query", "a contract of another family is none", Provenance{Assumed, "each family's pages speak of its own contracts alone"}, "TestAContractOfAnotherFamilyIsNone"},
	{"contract.query", "a sub-merchant's contract is its own", Provenance{Assumed, "the contract of somebody else is none"}, "TestASubMerchantsContractIsItsOwn"},
	{"contract.query", "a contract is found by the endpoints of its product alone", Provenance{Assumed, "the contract of another product is none"}, "TestAContractIsOfItsProduct"},
	{"contract.terminate", "an answer with an error refuses it, and the contract stays", Provenance{Assumed, "no page says how it is refused"}, "TestTheMerchantRefuses"},
	{"contract.terminate", "without an answer in time the contract ends, and the question is not asked again", Provenance{Assumed, "as the page of the question of retention says"}, "TestAQuestionWithoutAnAnswer"},
	{"contract.terminate", "under a plan that takes part in 解约挽留 the merchant may offer a coupon, within a second", Provenance{Documented, pageRetention}, "TestTheMerchantOffersACoupon"},
	{"contract.terminate", "a user who was offered something keeps the contract, or ends it all the same", Provenance{Assumed, "the page says only that the offer is shown"}, "TestTheUserDecidesAboutTheOffer"},
	{"contract.terminate", "both forms answer the whole contract", Provenance{Documented, pageTerminate}, "TestTerminateAnswersTheWholeContract"},
	{"contract.query", "a signing that failed is SIGN_FAILED, what runs out TO_BE_RENEWED, what ended TERMINATED", Provenance{Documented, pagePresign}, "TestTrap20AUsedCodeStaysUsed"},
	{"contract.terminate", "the merchant's call is MCH_API_TERMINATE, the user's USER_TERMINATE", Provenance{Documented, pageSignTold}, "TestEventsHoldTheirDocumentedMembers"},
	{"contract.terminate", "a contract in force alone is ended", Provenance{Documented, pageTerminate}, "TestTerminateAnswersTheWholeContract"},
	{"contract.terminate", "told at the URL that is set up for the plan, and not at that of the pre-sign", Provenance{Documented, pageSignTold}, "TestEventsHoldTheirDocumentedMembers"},
	{"contract.terminate", "where none is set up it is told at the URL of the pre-sign", Provenance{Assumed, "what is set up is not known here; one page names the pre-sign"}, "TestTerminateAnswersTheWholeContract"},
	{"contract.query", "a partner's event names both merchants, and the user under both", Provenance{Documented, pagePartnerTold}, "TestPartnerEventsNameBothMerchants"},
}

// scheduledSignRules are those of the pre-signs of 预约扣费.
var scheduledSignRules = []Rule{
	{"presign", "a session of scheduled deduction lives ten minutes", Provenance{Documented, pagePapay}, "TestAScheduledSessionLivesTenMinutes"},
	{"presign", "the user who signs is the one that the pre-sign named", Provenance{Documented, pagePapay}, "TestTheSignerIsTheUserOfThePreSign"},
	{"presign", "the pre-sign comes before 19:00 of the day before the deduction", Provenance{Documented, pagePapay}, "TestPreSignBefore19OfTheDayBefore"},
	{"presign", "the amount expected is at most the plan's standard price", Provenance{Documented, pagePapay}, "TestTheExpectedAmountIsAtMostTheStandardPrice"},
	{"presign", "a user has at most ten contracts in force per plan", Provenance{Documented, pagePapay}, "TestAUserHasAtMostTenContractsInForcePerPlan"},
	{"presign", "an out_user_code has one contract in force per plan", Provenance{Documented, pagePresign}, "TestAnOutUserCodeHasOneContractInForcePerPlan"},
	{"presign", "each scene is answered in its own way", Provenance{Documented, pagePresign}, "TestEachSceneIsAnsweredInItsOwnWay"},
	{"presign", "a code is used up by a signing, even one that failed", Provenance{Documented, pagePresign}, "TestACodeIsUsedUpByAFailedSigning"},
	{"presign", "inside WeChat the user is named, by a partner under either AppID", Provenance{Documented, pagePresign}, "TestEachSceneNamesItsUser"},
}

// scheduledRules are those of the one deduction of 预约扣费.
var scheduledRules = []Rule{
	{"contract.query", "the contract holds its reservation", Provenance{Documented, pageReserve}, "TestTheContractHoldsItsReservation"},
	{"deduction.reserve", "reserved from 08:00 to before 19:30 of the day before", Provenance{Documented, pageReserve}, "TestReservedFrom08To1930OfTheDayBefore"},
	{"deduction.reserve", "the amount reserved is the one that was expected", Provenance{Documented, pageReserve}, "TestTheReservedAmountIsTheExpectedOne"},
	{"deduction.reserve", "one reservation a contract", Provenance{Documented, pageReserve}, "TestOneReservationAContract"},
	{"deduction.reserve", "the states go from NO_SCHEDULED by SCHEDULED to PAID or EXPIRED", Provenance{Documented, pageReserve}, "TestScheduleStates"},
	{"deduction.reserve", "without success the system terminates at 08:00 of the next day", Provenance{Documented, pageReserve}, "TestWithoutSuccessTheSystemTerminatesAt08"},
	{"deduction.apply", "deducted on the expected day only", Provenance{Documented, pageReserve}, "TestDeductedOnTheExpectedDayOnly"},
	{"deduction.apply", "the amount deducted is the reserved one", Provenance{Documented, pageReserve}, "TestTheDeductedAmountIsTheReservedOne"},
	{"deduction.apply", "tried again until it succeeds or the day ends", Provenance{Documented, pageReserve}, "TestAFailedDeductionIsTriedAgain"},
	{"deduction.apply", "success terminates the contract", Provenance{Documented, pageReserve}, "TestSuccessTerminatesTheContract"},
	{"deduction.reserved", "the days on which it can be deducted begin and end with the expected one", Provenance{Documented, pageReservation}, "TestOneReservationAContract"},
}

// deductionRules are those of deductions, orders and refunds.
var deductionRules = []Rule{
	{"order.close", "a closed order cannot be paid, and its number stays used", Provenance{Documented, pageClose}, "TestAClosedOrderCannotBePaid"},
	{"order.close", "a paid order is not closed", Provenance{Documented, pageClose}, "TestAPaidOrderIsNotClosed"},
	{"deduction.apply", "accepted is not paid: the result is an order and an event", Provenance{Documented, pageApply}, "TestAcceptedIsNotPaid"},
	{"deduction.apply", "the same request has no second effect", Provenance{Documented, pageBasic}, "TestTheSameDeductionHasNoSecondEffect"},
	{"order.create", "the same parameters give the same prepay_id for two hours", Provenance{Documented, pageOrder}, "TestOrderRepeated"},
	{"order.create", "time_expire ends an order earlier", Provenance{Documented, pageOrder}, "TestTimeExpireEndsAnOrderEarlier"},
	{"refund.create", "refunds are at most what was paid", Provenance{Documented, pageRefund}, "TestRefundsAreAtMostWhatWasPaid"},
	{"refund.create", "at most 50 refunds an order", Provenance{Documented, pageRefund}, "TestAtMost50RefundsAnOrder"},
	{"refund.create", "refunded within a year", Provenance{Documented, pageRefund}, "TestRefundedWithinAYear"},
	{"refund.create", "a refund that is abnormal or closed is notified", Provenance{Documented, pageRefundTold}, "TestARefundThatFails"},
	{"refund.create", "what was closed can be refunded again, what is abnormal cannot", Provenance{Assumed, "the pages do not say what becomes of the order"}, "TestARefundThatFails"},
	{"refund.create", "a refund succeeds, is notified, and makes the order REFUND", Provenance{Documented, pageRefund}, "TestARefundMakesTheOrderREFUND"},
	{"refund.create", "the same request has no second effect", Provenance{Documented, pageRefund}, "TestTheSameRefundHasNoSecondEffect"},
	{"deduction.apply", "paid as trade_type PAP; the event names no contract", Provenance{Documented, pageDeductTold}, "TestAcceptedIsNotPaid"},
	{"deduction.apply", "one that failed is TRANSACTION.FAIL with PAY_FAIL", Provenance{Documented, pageFailTold}, "TestAFailedDeductionIsTriedAgain"},
	{"deduction.apply", "the query says PAYERROR of it", Provenance{Assumed, "as of payments; the page of the query lists the states of payments"}, "TestAFailedDeductionIsTriedAgain"},
	{"deduction.apply", "a contract that ended is not deducted from", Provenance{Assumed, "the error table is not published"}, "TestAContractThatEndedIsNotDeductedFrom"},
	{"deduction.apply", "a partner deducts for the sub-merchant of the contract", Provenance{Documented, pageApply}, "TestPartnerDeduction"},
	{"order.query", "found by either number", Provenance{Documented, pageOrderQuery}, "TestAcceptedIsNotPaid"},
	{"order.query", "ORDER_NOT_EXIST for none", Provenance{Documented, pageOrderQuery}, "TestOrderUnknownIs404"},
	{"refund.create", "a deduction is refunded as any payment", Provenance{Documented, pageRefund}, "TestADeductionIsRefunded"},
	{"refund.query", "a sub-merchant's refund is found with it alone", Provenance{Documented, pageRefundQuery}, "TestASubMerchantsOrderIsRefunded"},
	{"deduction.apply", "on demand at most five succeed a day under one contract", Provenance{Documented, pageFAQ}, "TestFiveDeductionsADay"},
	{"deduction.apply", "at most 500 yuan each and 2500 yuan a day, unless the plan has other limits; RULE_LIMIT else", Provenance{Documented, pageFAQ}, "TestTheLimitsOfAmounts"},
	{"deduction.apply", "the limits of a day are those of one contract, and what failed does not count", Provenance{Assumed, "the answer says only a day"}, "TestAFailedDeductionDoesNotCount"},
	{"presign", "under a plan that was disabled nothing new is signed, and what is in force goes on", Provenance{Documented, pageFAQ}, "TestADisabledPlanSignsNothingNew"},
}

// periodicRules are those of 周期扣费.
var periodicRules = []Rule{
	{"deduction.apply", "a periodic deduction needs a notice, but for the first 12 hours", Provenance{Documented, pagePeriod}, "TestTheFirst12HoursNeedNoNotice"},
	{"deduction.apply", "a periodic deduction waits for the day of the notice and the next", Provenance{Documented, pagePeriod}, "TestTheWaitingDays"},
	{"deduction.apply", "a periodic deduction is made from 07:00 to 22:00", Provenance{Documented, pagePeriod}, "TestPeriodicDeductionFrom07To22"},
	{"deduction.apply", "a periodic deduction is at most the amount told", Provenance{Documented, pagePeriod}, "TestAtMostTheAmountTold"},
	{"deduction.apply", "one success a cycle", Provenance{Documented, pagePeriod}, "TestOneSuccessACycle"},
	{"deduction.apply", "in the mode 通知后24小时扣费 the money moves 24 hours later", Provenance{Documented, pagePeriod}, "TestTheMoneyMoves24HoursLater"},
	{"deduction.tell", "told from 07:00 to 22:00", Provenance{Documented, pagePeriod}, "TestToldFrom07To22"},
	{"deduction.tell", "another plan than a periodic one is refused", Provenance{Observed, pageNotPeriodic}, "TestOnlyAPeriodicPlanIsTold"},
	{"deduction.tellagain", "told again after a failure in an open period", Provenance{Assumed, "when it may be called is not documented"}, "TestToldAgainAfterAFailure"},
	{"deduction.tell", "the two modes of 周期扣费 exclude each other", Provenance{Documented, pagePeriod}, "TestTheMoneyMoves24HoursLater"},
	{"deduction.tell", "the days on which it can be deducted are as many as the notice says, or seven", Provenance{Documented, pagePeriod}, "TestTheWaitingDays"},
	{"deduction.tell", "a partner tells for the sub-merchant of the contract", Provenance{Documented, "https://pay.weixin.qq.com/doc/v2/partner/4011988373"}, "TestAPartnerTellsForASubMerchant"},
	{"deduction.tell", "no second notice while a deduction can come of the first", Provenance{Assumed, "no page speaks of it"}, "TestOneSuccessACycle"},
	{"deduction.apply", "the limits of the plan hold whatever amount was told", Provenance{Assumed, "no page compares the two"}, "TestAPeriodicDeductionHasItsLimit"},
	{"deduction.apply", "a deduction of 自动续费 succeeds once a day at most: its cycles are longer", Provenance{Documented, pageFAQ}, "TestOneSuccessACycle"},
}

// insuranceRules are those of 保险自动续费.
var insuranceRules = []Rule{
	{"presign", "numbers and days of insurance periods rise, after today and within the policy", Provenance{Documented, pageInsuranceSign}, "TestInsurancePeriodsRise"},
	{"presign", "amounts of insurance periods are of one of four modes", Provenance{Documented, pageInsuranceSign}, "TestTheModesOfInsuranceAmounts"},
	{"presign", "what insurance covers is told for every period or for none", Provenance{Documented, pageInsuranceSign}, "TestCoverageIsGivenForEveryPeriod"},
	{"presign", "insurance is signed with payment for two periods at least", Provenance{Observed, pageShortList}, "TestAPaymentNeedsTwoPeriods"},
	{"presign", "insurance is continued or taken out anew, not both", Provenance{Documented, pageInsurance}, "TestARenewalIsOfOneKind"},
	{"presign", "who must sign is sent encrypted", Provenance{Documented, pageInsuranceSign}, "TestWhoMustSignIsOpenedAndChecked"},
	{"presign", "the user signs and pays at once", Provenance{Documented, pageInsuranceSign}, "TestTheUserSignsAndPays"},
	{"presign", "a first payment that fails leaves SIGN_FAILED, uses its numbers up, and is told nobody", Provenance{Documented, pageInsuranceSign}, "TestAFirstPaymentThatFails"},
	{"insurance.reserve", "a period is reserved from the day before to the 28th day after, from 08:00 to before 19:30", Provenance{Documented, pageInsuranceDays}, "TestAPeriodIsReservedFromTheDayBeforeToThe28thAfter"},
	{"insurance.reserve", "a period is reserved once, for the amount that was expected", Provenance{Documented, pageInsuranceDays}, "TestAPeriodIsReservedOnceForItsAmount"},
	{"insurance.reserve", "to reserve a later period ends the earlier reservation", Provenance{Documented, pageInsuranceDays}, "TestALaterReservationEndsTheEarlierOne"},
	{"insurance.reserve", "a period that is not deducted runs out at 20:00 of the 29th day after", Provenance{Documented, pageInsuranceDays}, "TestAPeriodRunsOutAt20OfThe29thDay"},
	{"insurance.periods", "a page has 20 periods unless limit says otherwise; beyond the last one it is empty", Provenance{Documented, pageInsuranceList}, "TestPeriodsArePaged"},
	{"insurance.modify", "one amount may be lowered, of a period that is neither deducted nor over", Provenance{Documented, pageModify}, "TestAnAmountMayOnlyBeLowered"},
	{"insurance.modify", "once a day from 08:00 to before 19:00, and three times in all", Provenance{Documented, pageModify}, "TestModifiedOnceADayAndThreeTimesInAll"},
	{"insurance.modify", "a reservation is cancelled where that is allowed, until the day before its last", Provenance{Documented, pageModify}, "TestAModifiedReservationIsCancelled"},
	{"insurance.modify", "a lower first amount must be deducted before, and stays the lowest", Provenance{Documented, pageModify}, "TestADiscountedFirstPeriodStaysBelow"},
	{"insurance.renew", "TO_BE_RENEWED becomes SIGNED with the next periods, once, and is notified", Provenance{Documented, pageRenew}, "TestAContractIsRenewed"},
	{"insurance.renew", "renewed in the days that belong to the rhythm, from 08:00 to before 19:00", Provenance{Documented, pageInsurance}, "TestRenewedInItsDaysAndHours"},
	{"insurance.renew", "signed as renewable, one period deducted, and the last one not reserved", Provenance{Documented, pageInsurance}, "TestARenewalHasItsConditions"},
	{"insurance.renew", "numbers and days go on, amounts differ from the last by half of it at most", Provenance{Documented, pageInsurance}, "TestARenewalFollowsWhatWasBefore"},
	{"insurance.renew", "what is not renewed is terminated by the system", Provenance{Assumed, "no page says what becomes of it; it is so in 预约扣费"}, "TestWhatIsNotRenewedIsTerminated"},
	{"contract.query", "a contract of insurance is none to the other endpoints", Provenance{Assumed, "it lacks contract_display_account, which they answer"}, "TestInsuranceStandsApart"},
	{"deduction.apply", "a period of insurance is deducted from the day after its reservation, from 08:00 to before 20:00", Provenance{Documented, pageInsuranceDays}, "TestAPeriodIsDeductedFromTheDayAfterItsReservation"},
	{"deduction.apply", "a period of insurance is deducted once, for what was reserved, and tried again after a failure", Provenance{Documented, pageInsuranceDays}, "TestAPeriodIsDeductedForWhatWasReserved"},
	{"insurance.reserved", "a period is queried by its number", Provenance{Documented, pagePeriodQuery}, "TestAPeriodIsReservedOnceForItsAmount"},
}
