## Overview

claims-fed-overview = Today’s work
claims-fed-standing = How many stand where
claims-fed-count = Cases
claims-fed-since = The oldest waits since
claims-fed-who-next = Who is next
claims-fed-who-clerk = A clerk of the federation
claims-fed-who-system = The system, by itself
claims-fed-who-authority = The authority
claims-fed-late = Late
claims-fed-begin = Begin the review ({ $n })
claims-fed-mails-failed = Mails that could not be sent: { $n }.
claims-fed-see-mails = See the mails that failed
claims-fed-waited-short = for less than an hour
claims-fed-waited-hours = for { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
claims-fed-waited-days = for { $n } days

## The list

claims-fed-list = Certificates
claims-fed-search = Search by number of the case or the applicant, name or kana
claims-fed-all = All
claims-fed-csv = Save this list as CSV
claims-fed-csv-cut = Save the first 10,000 lines of this list as CSV
claims-fed-csv-applied = Applied at (Japan time)
claims-fed-number = Case number
claims-fed-provider-number = Number
claims-fed-provider-name = Name
claims-fed-status = Status
claims-fed-provider-kana = Kana
claims-fed-applied-on = Applied
claims-fed-applied-at = Applied on
claims-fed-see-all = See all applications
claims-fed-empty = There is no application yet. Those of providers and agents will appear here.
claims-fed-empty-search = Nothing fits. Search by a part of the number or name, or take filters away.
claims-fed-empty-review = No application waits for review. New ones appear in the list.

## One case

claims-fed-case = The application and its certificate
claims-fed-application = The application
claims-fed-certificate = The certificate
claims-fed-papers = Papers
claims-fed-receipt = Receipt of the application (PDF)
claims-fed-told = What the applicant was told
claims-fed-told-none = No mail and no notice about this application yet.
claims-fed-others = Other applications of this applicant
claims-fed-others-none = This applicant has no other application.
claims-fed-others-all = See all applications of this applicant
claims-fed-ask = The request for revocation
claims-fed-to-list = Back to the list
claims-fed-to-case = Back to the application
claims-fed-next = To the next application
claims-fed-next-of = To the next application ({ $n } left)
claims-fed-later = Leave it for later: to the next application
claims-fed-holder-record = The applicant's record (care provider or agent)
claims-fed-see-now = See the present status
claims-fed-cancel = Cancel
claims-fed-address = Address
claims-fed-phone = Telephone
claims-fed-email = Notices are sent to
claims-fed-other-email = Other than the record ({ $email })
claims-fed-check-digit = The last digit does not follow the rule: please check the number.
claims-fed-key = The key is made
claims-fed-key-service = by this service
claims-fed-key-own = by the applicant (the private key never was here)
claims-fed-key-kept = kept here until { $time }
claims-fed-key-erased = erased on { $time }
claims-fed-private-key = Private key
claims-fed-fee = Cost of issue
claims-fed-terms = Terms
claims-fed-terms-text = of { $terms }, valid for { $months } months
claims-fed-consent = Agreed to offsetting the fee
claims-fed-consent-text = text, version { $version }, on { $time }
claims-fed-transfer = Bank transfer
claims-fed-transfer-text = to be paid until { $day }
claims-fed-who-agent = The agent pays, a clerk registers it
claims-fed-payment-consequence = See what the agent has paid, and use it for the fee.
claims-fed-lang = Language of the application
claims-fed-lang-ja = Japanese
claims-fed-lang-en = English
claims-fed-cert-sentence = The certificate with which { $name } sends its claims.
claims-fed-serial = Serial number
claims-fed-authority = Authority
claims-fed-issued-at = Issued
claims-fed-fetched = Downloaded
claims-fed-not-fetched = Not yet
claims-fed-valid-until = Valid until
claims-fed-valid-was = Validity written in the certificate
claims-fed-list-number = Number of the revocation list that names it
claims-fed-why-rejected = Why it is rejected
claims-fed-withdrawn = Withdrawn, as the applicant asked
claims-fed-notices = Notices
claims-fed-notices-none = No notice about this case yet.
claims-fed-notice-at = Put up
claims-fed-notice-subject = Subject
claims-fed-notice-read = Read by the applicant
claims-fed-notice-unread = Not yet

## Acts

claims-fed-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
claims-fed-seconds = { $n } seconds
claims-fed-undo-while = by a manager, within { $span } of the registration
claims-fed-register-consequence = The certificate is ordered from the authority. A manager can undo this within { $span }.
claims-fed-register-warning = The certificate is ordered from the authority. Once it is issued the provider owes the cost of issue.
claims-fed-reject-consequence = You give the reason, which the applicant is told.
claims-fed-reject = Reject the application
claims-fed-reject-warning = The application is rejected, and the applicant is told. It costs nothing.
claims-fed-how = Why it ends
claims-fed-how-refused = The federation rejects it
claims-fed-how-refused-hint = A reason is needed.
claims-fed-how-withdrawn = The applicant asked for it back
claims-fed-how-withdrawn-hint = It is recorded as withdrawn. The reason below is not used.
claims-fed-reject-reason = Reason
claims-fed-reject-reason-needed = Required when the federation rejects
claims-fed-reject-reason-hint = The applicant reads it as it stands: say what they can do about it. Name no person.
claims-fed-reject-reason-example = The designation of the office ended on 31 October.
claims-fed-revoke-consequence = You enter who asked, and how.
claims-fed-revoke = Register a revocation request
claims-fed-revoke-check = Check the revocation request
claims-fed-revoke-warning = The certificate is revoked. Once a revocation list names it, no claim can be sent with it.
claims-fed-to-check = Go on to check
claims-fed-by = Who asked
claims-fed-by-provider = The provider
claims-fed-by-agent = Its agent
claims-fed-by-prefecture = The prefecture
claims-fed-channel = How they asked
claims-fed-channel-phone = By telephone
claims-fed-channel-paper = In writing
claims-fed-channel-mail = By e-mail
claims-fed-channel-counter = At the counter
claims-fed-reason = Why
claims-fed-reason-hint = Choose the last but one if somebody else may have the key.
claims-fed-reason-closed = The office has closed
claims-fed-reason-changed = What the certificate says has changed
claims-fed-reason-key-lost = The key is lost or damaged
claims-fed-reason-key-compromised = Somebody else may have the key
claims-fed-reason-other = Another reason
claims-fed-note = Note
claims-fed-note-hint = What was said besides. Name no person.
claims-fed-undo-consequence = The application waits for review again.
claims-fed-undo-payment = The application waits for payment again, and its fee is in the agent’s balance.
claims-fed-undo-reject-agent = The application waits for payment again.
claims-fed-undo-revocation-consequence = The request is taken back, and the certificate stays issued.
claims-fed-undo-until = Possible until { $time }; then the system goes on.
claims-fed-done-undo = A manager can undo this until { $time }.
claims-fed-overtaken = This was not done
claims-fed-overtaken-text = The case has changed since you opened the page. Nothing that you asked for was registered.

## Mails

claims-fed-outbox = Mails
claims-fed-mails = Mails
claims-fed-mails-none = No mail fits. Mails that tell of certificates appear here.
claims-fed-case-mails-none = No mail about this case yet.
claims-fed-to-mails = Back to the mails
claims-fed-mail-search = Search by address, name, subject or case number
claims-fed-mail-at = When
claims-fed-mail-subject = Subject
claims-fed-mail-to = To
claims-fed-mail-state = State
claims-fed-mail-tries = Tries
claims-fed-mail-is-waiting = Waiting
claims-fed-mail-is-sending = Being sent
claims-fed-mail-is-sent = Sent
claims-fed-mail-is-failed = Failed
claims-fed-mail-made = Made
claims-fed-mail-sent = Sent
claims-fed-mail-id = Message ID
claims-fed-mail-text = Text
claims-fed-mail-tries-all = Record of tries
claims-fed-tries-none = It was not tried yet.
claims-fed-mail-double = The recipient may have it twice
claims-fed-mail-double-text = A try ended without an answer, so it was sent again.
claims-fed-mail-resend = Send it again
claims-fed-mail-resend-consequence = To the same address, with the same text. The ledger keeps who sent it again.
claims-fed-mail-queued = It waits to be sent again.
claims-fed-try = Try
claims-fed-try-begun = When
claims-fed-try-outcome = Outcome
claims-fed-try-answer = Answer of the mail server
claims-fed-try-is-under_way = under way
claims-fed-try-is-accepted = accepted
claims-fed-try-is-refused = refused
claims-fed-try-is-deferred = put off
claims-fed-try-is-not_reached = not reached
claims-fed-try-is-unknown = not known

## When you wonder

claims-fed-help-search = I cannot find an application
claims-fed-help-search-text = A part of a number is enough, and kana of either kind finds a name. Words separated by spaces must all be there.
claims-fed-help-csv = Excel drops the zero at the beginning of numbers
claims-fed-help-csv-text = In Excel, use Data, From Text/CSV, and take the column of numbers as text.
claims-fed-help-late = A line says that it is late
claims-fed-help-late-text = The link to the authority or the jobs may stand still. Open the cases behind the figure, and tell the operator if it goes on.
claims-fed-help-phone = Somebody asks for a revocation by telephone
claims-fed-help-phone-text = Find the certificate by number or name, and register the request from its page.
claims-fed-help-withdraw = The applicant wants the application back
claims-fed-help-withdraw-text = While it waits for review, choose Reject and then that the applicant asked for it back. After the issue request, a manager undoes that first.
claims-fed-help-undo = I registered it by mistake
claims-fed-help-undo-text = A manager can undo it until the time shown on this page. Please tell one at once.
claims-fed-help-mail = A mail has failed
claims-fed-help-mail-text = Its page shows what the mail server said. If the address is wrong, ask the applicant. They have the notice on their own page as well.
claims-fed-help-double = A mail was tried more than once
claims-fed-help-double-text = It is tried again by itself until the mail server takes it. What has failed can be sent again from its page.
