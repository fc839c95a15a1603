package emulator

// The pages that state the rules below.
const (
	pagePapay    = "https://pay.weixin.qq.com/docs/merchant/products/entrusted-payment/introduction.html (2024-07-30)"
	pageReserve  = "https://pay.weixin.qq.com/docs/partner/apis/entrusted-payment/partner/partner-schedule-deduction.html (2024-11-18)"
	pagePresign  = "https://pay.weixin.qq.com/doc/v3/partner/4012464549"
	pageApply    = "https://pay.weixin.qq.com/docs/partner/apis/entrusted-payment/partner/partner-create-transaction.html (2025-03-12)"
	pagePeriod   = "https://pay.weixin.qq.com/wiki/doc/api/wxpay_v2/papay/chapter3_10.shtml (2024-12-31)"
	pageContract = "https://pay.weixin.qq.com/doc/v3/merchant/4012526910 (2025-12-31)"
	pageAfterPay = "https://pay.weixin.qq.com/docs/partner/apis/partner-password-free-contract/sign/qs-pay-redirect-sign-pre-entrust-sign.html (2024-11-18)"
	pageMini     = "https://pay.weixin.qq.com/docs/merchant/apis/password-free-contract/sign/normal-mini-program-pre-entrust-sign.html (2024-08-29)"
	pageEnd      = "https://pay.weixin.qq.com/docs/partner/apis/partner-password-free-contract/contract/partner-terminate-by-code.html"

	pageInsurance     = "https://pay.weixin.qq.com/docs/merchant/products/insurance-entrusted-payment/introduction.html (2025-01-06)"
	pageInsuranceSign = "https://pay.weixin.qq.com/doc/v3/merchant/4012528600 (2025-02-20)"
	pageInsuranceList = "https://pay.weixin.qq.com/doc/v3/merchant/4012489530 (2024-11-12)"
	pageInsuranceDays = "https://pay.weixin.qq.com/docs/merchant/apis/insurance-entrusted-payment/schedule/schedule-policy-period.html (2024-11-18)"
	pageModify        = "https://pay.weixin.qq.com/doc/v3/merchant/4012987596 (2025-01-17)"
	pageRenew         = "https://pay.weixin.qq.com/docs/merchant/apis/insurance-entrusted-payment/insurance/apply-renew-contract.html (2025-03-05)"
	pageShortList     = "https://developers.weixin.qq.com/community/pay/doc/000e2477f2ce8835ca11b8da364c00"

	pageInquiry   = "https://pay.weixin.qq.com/doc/v3/merchant/4012978455"
	pageRetention = "https://pay.weixin.qq.com/doc/v3/merchant/4012312222"

	pageCombineSign  = "https://pay.weixin.qq.com/doc/v3/partner/4012881608 (2021-10-27)"
	pageCombineTold  = "https://pay.weixin.qq.com/doc/v3/partner/4012881605"
	pageCombineQuery = "https://pay.weixin.qq.com/doc/v3/partner/4012884060 (2021-10-27)"
	pageCombineEnd   = "https://pay.weixin.qq.com/doc/v3/partner/4012884072 (2020-11-17)"
	pageCombine      = "https://pay.weixin.qq.com/doc/v3/partner/4012884121 (2024-11-18)"
	pageReverse      = "https://pay.weixin.qq.com/doc/v3/partner/4012884126 (2021-10-27)"

	pagePayee     = "https://pay.weixin.qq.com/doc/v3/partner/4015851492 (2026-04-24)"
	pagePayeeName = "https://pay.weixin.qq.com/doc/v3/partner/4020023723 (2026-04-24)"
	pagePayeeUser = "https://pay.weixin.qq.com/doc/v3/partner/4012739528 (2024-10-22)"

	pagePreopen   = "https://pay.weixin.qq.com/doc/v3/partner/4012715215 (2021-10-26)"
	pageETC       = "https://pay.weixin.qq.com/doc/v3/partner/4012715667 (2019-12-26)"
	pageETCUser   = "https://pay.weixin.qq.com/doc/v3/partner/4012715623 (2019-12-26)"
	pageETCTold   = "https://pay.weixin.qq.com/doc/v3/partner/4012158358"
	pageToll      = "https://pay.weixin.qq.com/doc/v3/partner/4012715331 (2020-11-01)"
	pagePlate     = "https://pay.weixin.qq.com/doc/v3/merchant/4012534043 (2021-08-06)"
	pageEntry     = "https://pay.weixin.qq.com/doc/v3/merchant/4012533937 (2021-08-06)"
	pageEntryTold = "https://pay.weixin.qq.com/doc/v3/merchant/4012284177"
	pageFee       = "https://pay.weixin.qq.com/doc/v3/merchant/4012534352 (2025-03-11)"

	pageGlobalSign = "https://pay.weixin.qq.com/doc/global/v3/zh/4013015467 (2021-12-08)"
	pageGlobalTold = "https://pay.weixin.qq.com/doc/global/v3/zh/4013015485"
	pageGlobalPay  = "https://pay.weixin.qq.com/doc/global/v3/zh/4013015482 (2025-01-07)"

	pageEduSign   = "https://pay.weixin.qq.com/doc/v3/merchant/4012522560 (2023-07-21)"
	pageEduQuery  = "https://pay.weixin.qq.com/doc/v3/merchant/4012522951 (2023-07-21)"
	pageEduTold   = "https://pay.weixin.qq.com/doc/v3/merchant/4012286235"
	pageEduNotice = "https://pay.weixin.qq.com/doc/v3/merchant/4012524814 (2023-07-21)"
	pageEduOrder  = "https://pay.weixin.qq.com/doc/v3/merchant/4012523591 (2023-07-21)"

	pageLoanSign    = "https://pay.weixin.qq.com/doc/v3/partner/4016125804 (2025-09-19)"
	pageLoanEnd     = "https://pay.weixin.qq.com/doc/v3/partner/4016125830 (2025-10-31)"
	pageLoanTold    = "https://pay.weixin.qq.com/doc/v3/partner/4016790583"
	pageRecord      = "https://pay.weixin.qq.com/doc/v3/partner/4016779459 (2025-12-05)"
	pageRecordQuery = "https://pay.weixin.qq.com/doc/v3/partner/4016779463 (2026-01-14)"
	pageRepay       = "https://pay.weixin.qq.com/doc/v3/partner/4016779462 (2025-12-05)"
	pageRepayTold   = "https://pay.weixin.qq.com/doc/v3/partner/4016790592"

	pageSchoolSign  = "https://pay.weixin.qq.com/doc/v3/partner/4012468952 (2021-07-30)"
	pageSchoolQuery = "https://pay.weixin.qq.com/doc/v3/partner/4012468959 (2020-08-20)"
	pageSchoolList  = "https://pay.weixin.qq.com/doc/v3/partner/4012468993 (2020-08-27)"
	pageSchoolEnd   = "https://pay.weixin.qq.com/doc/v3/partner/4012469025 (2023-05-12)"
	pageSchoolPay   = "https://pay.weixin.qq.com/doc/v3/partner/4012469030 (2023-05-12)"
	pageDebt        = "https://pay.weixin.qq.com/doc/v3/partner/4012469161 (2020-11-16)"

	pageOrder  = "https://pay.weixin.qq.com/doc/v3/merchant/4012791856"
	pageClose  = "https://pay.weixin.qq.com/doc/v3/merchant/4012791860 (2020-05-26)"
	pageRefund = "https://pay.weixin.qq.com/doc/v3/merchant/4012791862 (2024-07-11)"
)

// rules says, by behaviour, what is held, where it comes from, and by which
// test. A test holds that each of these tests is there.
var rules = map[string][]Rule{
	"presign": {
		{"a password-exempt session lives two hours", Provenance{Documented, pageMini}, "TestTrap19ASessionDiesAtItsAge"},
		{"signing is offered after a payment within the session", Provenance{Documented, pageAfterPay}, "TestAfterPaymentContractFromPreSignToTermination"},
		{"an order paid after the session brings no offer", Provenance{Documented, pageAfterPay}, "TestAfterPaymentOfferIsOverWithItsSession"},
		{"the order must be one that can be paid", Provenance{Assumed, "the error table is not published"}, "TestPreSignAfterPaymentWantsAnOrderThatCanBePaid"},
		{"a code cannot be used again after its contract ended", Provenance{Documented, pageMini}, "TestTrap20AUsedCodeStaysUsed"},
		{"only a signing that succeeded is notified", Provenance{Documented, pageAfterPay}, "TestTrap21OnlySuccessIsNotified"},
		{"a later pre-sign takes the place of an earlier one", Provenance{Assumed, "no page says what a second pre-sign does"}, "TestANewSessionReplacesTheOldOne"},
		{"only the service provider's answer has sub_mchid", Provenance{Documented, pageAfterPay}, "TestTrap23OnlyTheServiceProvidersAnswerHasSubMchID"},
		{"HarmonyOS is answered by scene", Provenance{Assumed, "which member comes with which scene is inferred from the descriptions"}, "TestHarmonySessionsAnswerByScene"},
		{"a session of scheduled deduction lives ten minutes", Provenance{Documented, pagePapay}, "TestAScheduledSessionLivesTenMinutes"},
		{"the user who signs is the one that the pre-sign named", Provenance{Documented, pagePapay}, "TestTheSignerIsTheUserOfThePreSign"},
		{"the pre-sign comes before 19:00 of the day before the deduction", Provenance{Documented, pagePapay}, "TestPreSignBefore19OfTheDayBefore"},
		{"the amount expected is at most the plan's standard price", Provenance{Documented, pagePapay}, "TestTheExpectedAmountIsAtMostTheStandardPrice"},
		{"a user has at most ten contracts in force per plan", Provenance{Documented, pagePapay}, "TestAUserHasAtMostTenContractsInForcePerPlan"},
		{"an out_user_code has one contract in force per plan", Provenance{Documented, pagePresign}, "TestAnOutUserCodeHasOneContractInForcePerPlan"},
		{"each scene is answered in its own way", Provenance{Documented, pagePresign}, "TestEachSceneIsAnsweredInItsOwnWay"},
		{"a code is used up by a signing, even one that failed", Provenance{Documented, pagePresign}, "TestACodeIsUsedUpByAFailedSigning"},
		{"numbers and days of insurance periods rise, after today and within the policy", Provenance{Documented, pageInsuranceSign}, "TestInsurancePeriodsRise"},
		{"amounts of insurance periods are of one of four modes", Provenance{Documented, pageInsuranceSign}, "TestTheModesOfInsuranceAmounts"},
		{"what insurance covers is told for every period or for none", Provenance{Documented, pageInsuranceSign}, "TestCoverageIsGivenForEveryPeriod"},
		{"insurance is signed with payment for two periods at least", Provenance{Observed, pageShortList}, "TestAPaymentNeedsTwoPeriods"},
		{"insurance is continued or taken out anew, not both", Provenance{Documented, pageInsurance}, "TestARenewalIsOfOneKind"},
		{"who must sign is sent encrypted", Provenance{Documented, pageInsuranceSign}, "TestWhoMustSignIsOpenedAndChecked"},
		{"the user signs and pays at once", Provenance{Documented, pageInsuranceSign}, "TestTheUserSignsAndPays"},
		{"a first payment that fails leaves SIGN_FAILED, uses its numbers up, and is told nobody", Provenance{Documented, pageInsuranceSign}, "TestAFirstPaymentThatFails"},
		{"a session of combined deduction lives two hours", Provenance{Documented, pageCombineSign}, "TestACombinedSessionLivesTwoHours"},
		{"both ends of a combined contract are told at the URL of its pre-sign, with its attach", Provenance{Documented, pageCombineTold}, "TestACombinedContractIsToldAtItsPreSign"},
		{"a plan of combined deduction is for nothing else", Provenance{Documented, pageCombine}, "TestAPlanOfCombinedDeductionIsForNothingElse"},
		{"a session of an individual payee lives two hours", Provenance{Assumed, "the age is documented nowhere"}, "TestAPayeesSession"},
		{"an individual payee's code has up to 128 characters, _ and - too, and is unique", Provenance{Documented, pagePayeeName}, "TestAPayeesCode"},
		{"name and number of an individual payee are encrypted, and at most 64 characters", Provenance{Documented, pagePayeeName}, "TestAPayeesNameIsEncrypted"},
		{"the owner of a card for ETC is named in encrypted fields", Provenance{Documented, pagePreopen}, "TestETCFromPreopenToClosing"},
		{"the user chooses the vehicle of ETC that the pre-opening does not name", Provenance{Assumed, "the page has the plate as optional"}, "TestTheUserChoosesAVehicle"},
		{"a session of ETC lives two hours", Provenance{Assumed, "the age is documented nowhere"}, "TestTheUserChoosesAVehicle"},
		{"each change of a contract of ETC is told at the URL that is set up for its template", Provenance{Documented, pageETCTold}, "TestETCFromPreopenToClosing"},
		{"an individual payee's contract is told to nobody", Provenance{Documented, pagePayee}, "TestAPayeeIsAuthorized"},
		{"a cross-border scene is answered with a session, an address to open, or one to show as a code", Provenance{Documented, pageGlobalSign}, "TestCrossBorderScenesAreAnsweredInTheirOwnWay"},
		{"expired_time ends a cross-border session", Provenance{Documented, pageGlobalSign}, "TestExpiredTimeEndsTheSession"},
		{"without expired_time a cross-border session lives two hours", Provenance{Assumed, "the default is not documented; it is that of password-exempt contracts"}, "TestExpiredTimeEndsTheSession"},
		{"a user who is seen at another address than user_client_ip cannot sign", Provenance{Documented, pageGlobalSign}, "TestOnlyTheNamedAddressSigns"},
		{"an institution's pre-sign names the user under the sub-merchant's appid", Provenance{Documented, pageGlobalSign}, "TestAnInstitutionSpeaksForItsSubMerchant"},
		{"education: each call makes another token, good for one signing", Provenance{Documented, pageEduSign}, "TestAnEducationTokenIsOfOneSigning"},
		{"a token of 教育续费通 lives two hours", Provenance{Assumed, "its life is not documented; it is that of 校园轻松付"}, "TestAnEducationTokenIsOfOneSigning"},
		{"where the pre-sign has no URL, a signing is told at the template's", Provenance{Assumed, "no request names one, and terminations are told there"}, "TestAnEducationContractLivesAndEnds"},
		{"a token of credit repayment lives ten minutes", Provenance{Documented, pageLoanSign}, "TestACreditTokenLivesTenMinutes"},
		{"its code is used up once the signing began, even by a user who declined", Provenance{Documented, pageLoanSign}, "TestACreditCodeIsUsedUpByWhateverTheUserAnswers"},
		{"its identity is opened; a signing by somebody else failed, and makes no contract", Provenance{Documented, pageLoanSign}, "TestTheIdentityOfASigningIsOpened"},
		{"its order is deducted as soon as the contract is signed", Provenance{Assumed, "inferred from the members of trade_info"}, "TestTheOrderOfASigningIsDeductedWithIt"},
		{"a token of 校园轻松付 lives two hours, and its user alone signs", Provenance{Documented, pageSchoolSign}, "TestACampusTokenLivesTwoHours"},
		{"a card of its own needs its owner and its number", Provenance{Documented, pageSchoolSign}, "TestACardOfItsOwnNeedsItsOwner"},
	},
	"insurance.reserve": {
		{"a period is reserved from the day before to the 28th day after, from 08:00 to before 19:30", Provenance{Documented, pageInsuranceDays}, "TestAPeriodIsReservedFromTheDayBeforeToThe28thAfter"},
		{"a period is reserved once, for the amount that was expected", Provenance{Documented, pageInsuranceDays}, "TestAPeriodIsReservedOnceForItsAmount"},
		{"to reserve a later period ends the earlier reservation", Provenance{Documented, pageInsuranceDays}, "TestALaterReservationEndsTheEarlierOne"},
		{"a period that is not deducted runs out at 20:00 of the 29th day after", Provenance{Documented, pageInsuranceDays}, "TestAPeriodRunsOutAt20OfThe29thDay"},
	},
	"insurance.periods": {
		{"a page has 20 periods unless limit says otherwise; beyond the last one it is empty", Provenance{Documented, pageInsuranceList}, "TestPeriodsArePaged"},
	},
	"insurance.modify": {
		{"one amount may be lowered, of a period that is neither deducted nor over", Provenance{Documented, pageModify}, "TestAnAmountMayOnlyBeLowered"},
		{"once a day from 08:00 to before 19:00, and three times in all", Provenance{Documented, pageModify}, "TestModifiedOnceADayAndThreeTimesInAll"},
		{"a reservation is cancelled where that is allowed, until the day before its last", Provenance{Documented, pageModify}, "TestAModifiedReservationIsCancelled"},
		{"a lower first amount must be deducted before, and stays the lowest", Provenance{Documented, pageModify}, "TestADiscountedFirstPeriodStaysBelow"},
	},
	"insurance.renew": {
		{"TO_BE_RENEWED becomes SIGNED with the next periods, once, and is notified", Provenance{Documented, pageRenew}, "TestAContractIsRenewed"},
		{"renewed in the days that belong to the rhythm, from 08:00 to before 19:00", Provenance{Documented, pageInsurance}, "TestRenewedInItsDaysAndHours"},
		{"signed as renewable, one period deducted, and the last one not reserved", Provenance{Documented, pageInsurance}, "TestARenewalHasItsConditions"},
		{"numbers and days go on, amounts differ from the last by half of it at most", Provenance{Documented, pageInsurance}, "TestARenewalFollowsWhatWasBefore"},
		{"what is not renewed is terminated by the system", Provenance{Assumed, "no page says what becomes of it; it is so in 预约扣费"}, "TestWhatIsNotRenewedIsTerminated"},
	},
	"order.close": {
		{"a closed order cannot be paid, and its number stays used", Provenance{Documented, pageClose}, "TestAClosedOrderCannotBePaid"},
		{"a paid order is not closed", Provenance{Documented, pageClose}, "TestAPaidOrderIsNotClosed"},
	},
	"contract.query": {
		{"a contract that was never signed is none", Provenance{Assumed, "the page wants one that was signed, and names no code"}, "TestNoContractIs404"},
		{"the contract holds its reservation", Provenance{Documented, pageReserve}, "TestTheContractHoldsItsReservation"},
		{"a combined contract is NOT_SIGNED, SIGNED or TERMINATED", Provenance{Documented, pageCombineQuery}, "TestACombinedContractHasThreeStates"},
		{"an individual payee is AUTHORIZED while the contract is in force", Provenance{Documented, pagePayee}, "TestAPayeeIsAuthorized"},
		{"before the signing a payee is UNAUTHORIZED, since the pre-sign", Provenance{Assumed, "what signed_time holds before the signing is not documented"}, "TestAPayeeIsAuthorized"},
		{"a payee's newest authorization is found by the OpenID", Provenance{Documented, pagePayeeUser}, "TestAPayeeIsFoundByTheOpenID"},
		{"a payee is one of an AppID", Provenance{Documented, pagePayee}, "TestAPayeeIsFoundByTheOpenID"},
		{"a check of the real name gives a token, for two hours", Provenance{Assumed, "the page shows the token, and not how long it holds"}, "TestAPayeesNameIsEncrypted"},
		{"ETC is OPENED, PAUSE or DELETED", Provenance{Documented, pageETC}, "TestETCFromPreopenToClosing"},
		{"ETC is found by user, template and plate too", Provenance{Documented, pageETCUser}, "TestETCFromPreopenToClosing"},
		{"a contract of another family is none", Provenance{Assumed, "each family's pages speak of its own contracts alone"}, "TestAContractOfAnotherFamilyIsNone"},
		{"a contract of insurance is none to the other endpoints", Provenance{Assumed, "it lacks contract_display_account, which they answer"}, "TestInsuranceStandsApart"},
		{"a sub-merchant's contract is its own", Provenance{Assumed, "the contract of somebody else is none"}, "TestASubMerchantsContractIsItsOwn"},
		{"a cross-border contract is SIGNED or TERMINATED; a signing that failed left none", Provenance{Assumed, "the list of states has no other"}, "TestACrossBorderSigningThatFailedLeavesNoContract"},
		{"education: ADD is signed, DELETE terminated, and sp_mchid the caller", Provenance{Documented, pageEduQuery}, "TestAnEducationContractLivesAndEnds"},
		{"a contract is found by the endpoints of its product alone", Provenance{Assumed, "the contract of another product is none"}, "TestAContractIsOfItsProduct"},
		{"校园轻松付: ADD or DELETE, and NOT_FOUND for none", Provenance{Documented, pageSchoolQuery}, "TestACampusContractLivesAndEnds"},
	},
	"contract.terminate": {
		{"a user of HarmonyOS ends a contract once the merchant was asked; a success allows it", Provenance{Documented, pageInquiry}, "TestTheMerchantIsAskedFirst"},
		{"an answer with an error refuses it, and the contract stays", Provenance{Assumed, "no page says how it is refused"}, "TestTheMerchantRefuses"},
		{"without an answer in time the contract ends, and the question is not asked again", Provenance{Assumed, "as the page of the question of retention says"}, "TestAQuestionWithoutAnAnswer"},
		{"under a plan that takes part in 解约挽留 the merchant may offer a coupon, within a second", Provenance{Documented, pageRetention}, "TestTheMerchantOffersACoupon"},
		{"a user who was offered something keeps the contract, or ends it all the same", Provenance{Assumed, "the page says only that the offer is shown"}, "TestTheUserDecidesAboutTheOffer"},
		{"password-exempt answers an echo, papay the contract", Provenance{Documented, pageEnd}, "TestTrap22TerminateAnswersDifferInShape"},
		{"combined deduction answers an echo", Provenance{Documented, pageCombineEnd}, "TestACombinedContractIsToldAtItsPreSign"},
		{"both forms answer the whole contract", Provenance{Documented, "https://pay.weixin.qq.com/doc/v3/partner/4012489491 (2023-12-21)"}, "TestTerminateAnswersTheWholeContract"},
		{"cross-border: PAPAY.SIGN goes to the pre-sign's URL, PAPAY.TERMINATE to the template's", Provenance{Documented, pageGlobalTold}, "TestACrossBorderContractLivesAndEnds"},
		{"cross-border: ended by USER, MERCHANT or PLATFORM", Provenance{Documented, pageGlobalTold}, "TestTheThreeWhoEndACrossBorderContract"},
		{"教育续费通: signed and ended are ENTRUST.SIGNING and ENTRUST.RELEASE", Provenance{Documented, pageEduTold}, "TestAnEducationContractLivesAndEnds"},
		{"credit repayment: the answer holds the contract, and who ended it", Provenance{Documented, pageLoanEnd}, "TestACreditContractLivesAndEnds"},
		{"credit repayment: both events, with the empty mode while the contract is in force", Provenance{Documented, pageLoanTold}, "TestACreditContractLivesAndEnds"},
		{"校园轻松付: signed and ended are PAYSCORE.USER_OPEN_SERVICE and PAYSCORE.USER_CLOSE_SERVICE", Provenance{Documented, pageSchoolEnd}, "TestACampusContractLivesAndEnds"},
	},
	"deduction.reserve": {
		{"reserved from 08:00 to before 19:30 of the day before", Provenance{Documented, pageReserve}, "TestReservedFrom08To1930OfTheDayBefore"},
		{"the amount reserved is the one that was expected", Provenance{Documented, pageReserve}, "TestTheReservedAmountIsTheExpectedOne"},
		{"one reservation a contract", Provenance{Documented, pageReserve}, "TestOneReservationAContract"},
		{"the states go from NO_SCHEDULED by SCHEDULED to PAID or EXPIRED", Provenance{Documented, pageReserve}, "TestScheduleStates"},
		{"without success the system terminates at 08:00 of the next day", Provenance{Documented, pageReserve}, "TestWithoutSuccessTheSystemTerminatesAt08"},
	},
	"deduction.apply": {
		{"accepted is not paid: the result is an order and an event", Provenance{Documented, pageApply}, "TestAcceptedIsNotPaid"},
		{"deducted on the expected day only", Provenance{Documented, pageReserve}, "TestDeductedOnTheExpectedDayOnly"},
		{"the amount deducted is the reserved one", Provenance{Documented, pageReserve}, "TestTheDeductedAmountIsTheReservedOne"},
		{"tried again until it succeeds or the day ends", Provenance{Documented, pageReserve}, "TestAFailedDeductionIsTriedAgain"},
		{"success terminates the contract", Provenance{Documented, pageReserve}, "TestSuccessTerminatesTheContract"},
		{"the same request has no second effect", Provenance{Documented, "https://pay.weixin.qq.com/docs/merchant/development/interface-rules/basic-rules.html"}, "TestTheSameDeductionHasNoSecondEffect"},
		{"a HarmonyOS contract has an endpoint of its own", Provenance{Documented, "https://pay.weixin.qq.com/doc/v3/merchant/4013388429 (2024-12-31)"}, "TestHarmonyDeduction"},
		{"a periodic deduction needs a notice, but for the first 12 hours", Provenance{Documented, pagePeriod}, "TestTheFirst12HoursNeedNoNotice"},
		{"a periodic deduction waits for the day of the notice and the next", Provenance{Documented, pagePeriod}, "TestTheWaitingDays"},
		{"a periodic deduction is made from 07:00 to 22:00", Provenance{Documented, pagePeriod}, "TestPeriodicDeductionFrom07To22"},
		{"a periodic deduction is at most the amount told", Provenance{Documented, pagePeriod}, "TestAtMostTheAmountTold"},
		{"one success a cycle", Provenance{Documented, pagePeriod}, "TestOneSuccessACycle"},
		{"a period of insurance is deducted from the day after its reservation, from 08:00 to before 20:00", Provenance{Documented, pageInsuranceDays}, "TestAPeriodIsDeductedFromTheDayAfterItsReservation"},
		{"a period of insurance is deducted once, for what was reserved, and tried again after a failure", Provenance{Documented, pageInsuranceDays}, "TestAPeriodIsDeductedForWhatWasReserved"},
		{"in the mode 通知后24小时扣费 the money moves 24 hours later", Provenance{Documented, pagePeriod}, "TestTheMoneyMoves24HoursLater"},
		{"a cross-border deduction is answered with its result", Provenance{Documented, pageGlobalPay}, "TestACrossBorderDeductionIsAnsweredWithItsResult"},
		{"a cross-border deduction that is not paid is an error, and no order", Provenance{Assumed, "that it is an error is documented; its code is not, and the query has no form for such an order"}, "TestACrossBorderDeductionThatIsNotPaidIsAnError"},
		{"a renewal that succeeded used its notice up, one that failed is tried again", Provenance{Assumed, "a notice before each deduction is documented, what becomes of it is not"}, "TestARenewalUsesItsNoticeUp"},
		{"no renewal before the first day that was agreed upon", Provenance{Assumed, "that it is the first day is documented, the refusal is not"}, "TestNoRenewalBeforeTheFirstDay"},
		{"a repayment is made on the day that was scheduled", Provenance{Documented, pageRecord}, "TestARepaymentIsMadeOnItsDayAndOnce"},
		{"a repayment is made once, from the least amount to the whole", Provenance{Assumed, "the bounds are inferred, and no page speaks of a second one"}, "TestARepaymentIsMadeOnItsDayAndOnce"},
		{"the answer of a repayment is the order, not yet paid", Provenance{Documented, pageRepay}, "TestARepaymentIsMadeOnItsDayAndOnce"},
		{"only a repayment that succeeded is notified", Provenance{Documented, pageRepayTold}, "TestARepaymentThatFailedIsNotNotified"},
		{"a campus deduction is by the user_id of the signing, answers the order, and is notified either way", Provenance{Documented, pageSchoolPay}, "TestACampusDeductionAnswersTheOrder"},
		{"payment_mode SYNC is answered with the result, every other one before it", Provenance{Assumed, "from the name of the mode; the others are not known"}, "TestACampusDeductionAnswersTheOrder"},
		{"renewals and repayments are made one at a time, campus deductions as they come", Provenance{Assumed, "no page says so; a canteen cannot wait"}, "TestACampusDeductionAnswersTheOrder"},
	},
	"deduction.combine": {
		{"the answer is the result of each sub-order", Provenance{Documented, pageCombine}, "TestACombinedDeductionAnswersItsResult"},
		{"the contract must be in force, and one of combined deduction", Provenance{Documented, pageCombine}, "TestCombinedDeductionWantsItsContract"},
		{"the same request has no second effect", Provenance{Documented, "https://pay.weixin.qq.com/docs/merchant/development/interface-rules/basic-rules.html"}, "TestTheSameCombinedDeductionHasNoSecondEffect"},
		{"all sub-orders are deducted, or none", Provenance{Assumed, "the page does not speak of one that fails alone"}, "TestCombinedSubordersAreDeductedTogether"},
		{"every sub-order is the platform's own, in CNY, with a number of its own", Provenance{Assumed, "as of any order; the page's error table is not published"}, "TestCombinedSubordersAreDeductedTogether"},
		{"short of funds is NOT_ENOUGH, over a limit RULE_LIMIT", Provenance{Assumed, "the page's error table is not published"}, "TestHowCombinedDeductionsEnd"},
		{"a result that does not come leaves the sub-orders NOTPAY", Provenance{Assumed, "the page says to query, and names no state"}, "TestHowCombinedDeductionsEnd"},
		{"nobody is notified", Provenance{Documented, pageCombine}, "TestACombinedDeductionAnswersItsResult"},
		{"a sub-order is an order of its sub-merchant: it can be queried and refunded", Provenance{Assumed, "each has a number of its own at WeChat Pay"}, "TestACombinedSuborderIsRefunded"},
	},
	"deduction.toll": {
		{"the contract must be OPENED", Provenance{Documented, pageToll}, "TestATollWantsAnOpenContract"},
		{"the answer is the order, paid or not", Provenance{Documented, pageToll}, "TestHowTollsEnd"},
		{"the plate is the contract's", Provenance{Assumed, "the contract is for one vehicle"}, "TestATollWantsAnOpenContract"},
		{"the same request has no second effect", Provenance{Documented, "https://pay.weixin.qq.com/docs/merchant/development/interface-rules/basic-rules.html"}, "TestHowTollsEnd"},
		{"ACCEPTED until it ends late, PAY_FAIL after a failure", Provenance{Assumed, "the values are those of parking; the page lists none"}, "TestHowTollsEnd"},
	},
	"deduction.parking": {
		{"accepted is not paid: the result is an order and an event", Provenance{Documented, pageFee}, "TestAParkingFeeIsAccepted"},
		{"the entry must be NORMAL", Provenance{Documented, pageFee}, "TestAParkingFeeWantsItsEntry"},
		{"plate and colour are those of the entry, which is paid for once", Provenance{Assumed, "the page's error table is not published"}, "TestAParkingFeeWantsItsEntry"},
		{"a fee that failed is tried again", Provenance{Assumed, "as of other deductions; TRANSACTION.FAIL asks for a new order"}, "TestAParkingFeeIsTriedAgain"},
		{"the same request has no second effect", Provenance{Documented, "https://pay.weixin.qq.com/docs/merchant/development/interface-rules/basic-rules.html"}, "TestAParkingFeeIsAccepted"},
	},
	"parking.enter": {
		{"NORMAL if the plate has the service, else BLOCKED with the reason", Provenance{Documented, pageEntry}, "TestAnEntryFollowsTheService"},
		{"a change is told at the URL of the entry, as long as the vehicle is in", Provenance{Documented, pageEntryTold}, "TestAnEntryFollowsTheService"},
		{"the same request makes no second entry, another is ALREADY_EXISTS", Provenance{Assumed, "the id is the merchant's own"}, "TestOneEntryANumber"},
	},
	"parking.service": {
		{"NORMAL, PAUSE or OUT_SERVICE, for the user who opened it", Provenance{Documented, pagePlate}, "TestTheServiceOfAPlate"},
		{"no plate has the service until somebody opens it", Provenance{Assumed, "it is opened in WeChat, which the emulator cannot see"}, "TestTheServiceOfAPlate"},
	},
	"deduction.reverse": {
		{"what was paid is REVOKED, what was not is CLOSED", Provenance{Assumed, "as orders are reversed elsewhere; the page names no state"}, "TestReversedIsRevokedOrClosed"},
		{"all sub-orders are named", Provenance{Documented, pageReverse}, "TestAllSubordersAreReversed"},
		{"what was refunded is not reversed", Provenance{Assumed, "money cannot be given back twice"}, "TestACombinedSuborderIsRefunded"},
	},
	"deduction.tell": {
		{"told from 07:00 to 22:00", Provenance{Documented, pagePeriod}, "TestToldFrom07To22"},
		{"another plan than a periodic one is refused", Provenance{Observed, "https://developers.weixin.qq.com/community/pay/doc/00046085dd0e208c2dba6069151c00"}, "TestOnlyAPeriodicPlanIsTold"},
	},
	"deduction.tellagain": {
		{"told again after a failure in an open period", Provenance{Assumed, "when it may be called is not documented"}, "TestToldAgainAfterAFailure"},
	},
	"order.create": {
		{"the same parameters give the same prepay_id for two hours", Provenance{Documented, pageOrder}, "TestOrderRepeated"},
		{"time_expire ends an order earlier", Provenance{Documented, pageOrder}, "TestTimeExpireEndsAnOrderEarlier"},
	},
	"order.contract": {
		{"a password-exempt contract of the payer pays without a password", Provenance{Documented, pageContract}, "TestAContractPaysWithoutAPassword"},
		{"another user's contract does not pay", Provenance{Assumed, "the error table does not name the case"}, "TestAnotherUsersContractDoesNotPay"},
		{"a sub-merchant's contract pays its own orders", Provenance{Documented, "https://pay.weixin.qq.com/doc/v3/partner/4012526951"}, "TestASubMerchantsContractPaysItsOrders"},
		{"the user signs by paying", Provenance{Documented, pageContract}, "TestTheUserSignsByPaying"},
	},
	"order.reverse": {
		{"what is paid is refunded", Provenance{Assumed, "inferred from the reversal of 付款码支付"}, "TestAReversalRefundsWhatIsPaid"},
	},
	"contract.list": {
		{"of one user under one plan, those in force first, page by page", Provenance{Documented, pageSchoolList}, "TestContractsAreListedByUser"},
		{"an offset is a multiple of limit, and a page knows its neighbours", Provenance{Documented, pageSchoolList}, "TestAPageOfCampusContractsKnowsItsNeighbours"},
	},
	"deduction.announce": {
		{"a renewal is announced one to three days before its deduction", Provenance{Documented, pageEduNotice}, "TestARenewalIsAnnouncedOneToThreeDaysBefore"},
		{"the days are those of Beijing", Provenance{Documented, pageEduNotice}, "TestTheDaysOfANoticeAreThoseOfBeijing"},
		{"a notice is not repeated while a deduction can come of it", Provenance{Assumed, "the page lets a repetition be sent or refused"}, "TestANoticeIsNotRepeatedWhileItHolds"},
	},
	"order.query": {
		{"education: ACCEPTED, SUCCESS, PAY_FAIL or REFUND, and the user under both appids", Provenance{Assumed, "the states are those of the events; the page of the query lists none"}, "TestARenewalUsesItsNoticeUp"},
		{"a sub-merchant's renewal is found with it alone", Provenance{Documented, pageEduOrder}, "TestASubMerchantsRenewal"},
	},
	"repayment.schedule": {
		{"for a day from tomorrow to the 14th", Provenance{Documented, pageRecord}, "TestARepaymentIsScheduledForTomorrowToThe14thDay"},
		{"at most the limit of the contract", Provenance{Documented, pageRecord}, "TestTheAmountsOfARepayment"},
		{"at least 5 % of it as the least amount, whatever kind of loan the template is for", Provenance{Assumed, "5 % is documented for consumer loans and 10 % for cash loans; which of the two a template is for is set up with WeChat Pay"}, "TestTheAmountsOfARepayment"},
		{"the same again is answered alike, another one of the number is refused", Provenance{Assumed, "the number is unique by the page; how a repetition is answered is not said"}, "TestAScheduledRepaymentIsRepeatedAndQueried"},
	},
	"repayment.query": {
		{"found by its number and its contract", Provenance{Documented, pageRecordQuery}, "TestAScheduledRepaymentIsRepeatedAndQueried"},
	},
	"debt.query": {
		{"a deduction that found no money leaves a debt, which bars the user until it is paid back", Provenance{Documented, pageDebt}, "TestADebtBarsTheUserUntilItIsPaidBack"},
		{"a user without debts is NORMAL, and a change is told at the template's URL", Provenance{Assumed, "the list of states is not known, and no request names a URL"}, "TestADebtBarsTheUserUntilItIsPaidBack"},
	},
	"refund.create": {
		{"refunds are at most what was paid", Provenance{Documented, pageRefund}, "TestRefundsAreAtMostWhatWasPaid"},
		{"at most 50 refunds an order", Provenance{Documented, pageRefund}, "TestAtMost50RefundsAnOrder"},
		{"refunded within a year", Provenance{Documented, pageRefund}, "TestRefundedWithinAYear"},
		{"a refund that is abnormal or closed is notified", Provenance{Documented, "https://pay.weixin.qq.com/doc/v3/merchant/4012791865"}, "TestARefundThatFails"},
		{"what was closed can be refunded again, what is abnormal cannot", Provenance{Assumed, "the pages do not say what becomes of the order"}, "TestARefundThatFails"},
		{"a refund succeeds, is notified, and makes the order REFUND", Provenance{Documented, pageRefund}, "TestARefundMakesTheOrderREFUND"},
		{"the same request has no second effect", Provenance{Documented, pageRefund}, "TestTheSameRefundHasNoSecondEffect"},
	},
}
