## Words of several pages

claims-certificates = Certificates
claims-case-number = Application number
claims-status = Status
claims-applied-at = Applied on
claims-applied-on = Applied
claims-provider-name = Name of the office
claims-provider-number = Provider number
claims-fee = Fee
claims-fee-offset = { $fee }, offset against claim payments
claims-validity = Validity
claims-years = { $years ->
    [one] { $years } year
   *[other] { $years } years
}
claims-months = { $months ->
    [one] { $months } month
   *[other] { $months } months
}
claims-apply-email = Mail address for notices
claims-apply-key = Who makes the key
claims-key-service = We make it for you
claims-key-own = You make it (with a certificate request of your own)
claims-consent = Consent to offsetting the fee
claims-consent-given = Agreed on { $at } (text, version { $version })
claims-fee-transfer = { $fee }, by bank transfer
claims-pay-until = To be paid until
claims-agent-name = Agent
claims-agent-id = Agent’s ID
claims-transfer-title = The fee is paid by bank transfer
claims-transfer-text = Once you have applied you can print the invoice. Please put your agent’s ID { $id } into the name of the payer. The certificate is issued when the payment has arrived.
claims-issue-password = Issue password
claims-issue-password-hint = It stands in the letter from the federation with your test ID, and is used to apply and to download. It is not the password you sign in with.
claims-apply = Apply for a certificate
claims-apply-again = Apply again
claims-download = Download the certificate
claims-download-again = Download it again
claims-confirm = I have it
claims-confirm-consequence = Press this once it is installed on the computer that sends your claims. The private key kept here is erased and can be downloaded no more. This cannot be undone.
claims-guide = How to install the certificate
claims-receipt = Receipt of the application (PDF)
claims-to-case = See the application
claims-to-check = Check your answers
claims-step = Step { $n }
claims-cancel = Cancel

## The list of certificates

claims-home-whose = The certificates of { $name } (provider number { $number }).
claims-home-whose-agent = Certificates of { $name } (agent’s ID { $number }).
claims-home-unread = { $count ->
    [one] You have { $count } unread notice.
   *[other] You have { $count } unread notices.
}
claims-notices-all = See all notices
claims-home-newest = Your newest application
claims-home-see = See the application and what has happened
claims-home-all = All your applications
claims-home-empty = You have not applied yet. Apply with the button below, and the status and the certificate are shown here.
claims-home-wait = You can apply again when application { $number } is settled.
claims-help-first = If you apply for the first time
claims-help-first-text = Have the issue password at hand, which stands in the letter from the federation, and a mail address for notices. It takes about five minutes.
claims-help-ask = If you want to ask the federation
claims-help-ask-text = { $contact }

## Applying: input

claims-apply-title = Apply for a certificate
claims-apply-about = Apply for the certificate with which you send your claims. It takes about five minutes. Have the letter with your issue password at hand.
claims-apply-email-hint = We write to this address when the certificate is issued.
claims-key-service-hint = Right for most offices. You download one file with the key and the certificate.
claims-key-own-hint = If the private key must never leave your hands. You need a tool that makes a certificate request (CSR).
claims-apply-help-key = If you do not know who should make the key
claims-apply-help-key-text = Choose “We make it for you”. Nothing has to be prepared.
claims-apply-help-name = If the name or the number of your office is wrong
claims-apply-help-name-text = Please contact the federation before you apply. It cannot be changed here.
claims-apply-help-stop = If you want to stop
claims-apply-help-stop-text = Just close this page. Nothing is registered before you apply on the page where you check your answers.
claims-apply-under-way = Your application { $number } is still under way.
claims-apply-wait = Applications are taken one at a time: you can apply again when it is settled. To withdraw it, please contact the federation.

## Applying: certificate request

claims-request-title = Hand in your certificate request
claims-request-about = Hand in the certificate request (PKCS#10) that you made, as a file or as text. One of the two is enough.
claims-request-rsa = The key must be RSA of 2048 bits or more.
claims-request-name = The name in the request may be anything. The certificate bears your registered provider number.
claims-request-safe = Do not hand in the private key. It never leaves your hands.
claims-request = Certificate request
claims-request-hint = Paste everything from “-----BEGIN CERTIFICATE REQUEST-----” to “-----END CERTIFICATE REQUEST-----”.
claims-request-file = File with the certificate request
claims-request-file-hint = Up to 16 kilobytes. If there is both a file and text, the file is used.
claims-request-back = Choose again who makes the key
claims-request-missing = Choose the file with your certificate request, or paste its text.
claims-request-large = This is too large: a certificate request has up to 16 kilobytes. Please see whether it is the right file.
claims-request-private = There was a private key in it, so it was not taken and has been thrown away. Hand in only the part that says “CERTIFICATE REQUEST”. We advise you not to use that key and to make another.
claims-request-certificate = This is a certificate. Hand in the certificate request (CERTIFICATE REQUEST).
claims-request-several = There is more than one certificate request in it. Hand in just one.
claims-request-form = This could not be read as a certificate request. Please see that it is whole, from the BEGIN line to the END line.
claims-request-help = How to make a certificate request
claims-request-help-text = With certreq on Windows, OpenSSL and the like. With OpenSSL, for example: openssl req -new -newkey rsa:2048 -keyout my.key -out my.csr -subj /CN=certificate
claims-request-help-other = If we should make the key after all
claims-request-help-other-text = Press “Choose again who makes the key”.

## Applying: check

claims-check-title = Check your application
claims-check-about = Read what you are applying for and what you agree to, then type your issue password and apply. You have not applied yet.
claims-check-about-agent = Please read this, type the issue password and apply. The application is not made yet.
claims-check-who = Your office
claims-check-what = Your application
claims-request-taken = Received (the private key is with you)
claims-consent-title = Consent to offsetting the fee (version { $version })
claims-agree = I have read the text and agree to the fee being offset
claims-apply-submit = Agree and apply
claims-apply-submit-agent = Apply
claims-check-help-later = If you want to withdraw the application later
claims-check-help-later-text = You can until the certificate is issued, at no cost. Please contact the federation.

## Applying: done

claims-applied-title = Application received
claims-applied = We have received your application
claims-applied-mail = When the certificate is issued, a mail goes to { $email }.
claims-applied-mail-who = The system
claims-applied-fetch = Download the certificate here and install it on your computer.
claims-help-long = If you want to know how long it takes
claims-help-long-text = How many days the federation takes to look at it depends on how many there are. After that the certificate is usually issued within minutes, and a mail tells you. If it is urgent, please ask the federation.

## One application

claims-case = Application for a certificate
claims-application = The application
claims-papers = Papers
claims-card = The certificate
claims-card-whose = The certificate with which { $name } ({ $number }) sends its claims.
claims-card-valid = Valid
claims-card-over = Expired
claims-card-lost = Cannot be used
claims-card-from = Valid from
claims-card-until = Valid until
claims-card-serial = Serial number
claims-card-subject = Name of its owner
claims-card-issuer = Name of the authority
claims-card-compare = To compare it with another
claims-card-fingerprint = Fingerprint (SHA-256)
claims-card-more = Everything else
claims-card-later = It cannot be shown at the moment. Please open this page again in a while.
claims-confirmed = That was the last step
claims-confirmed-text = Keep the file and its password in safe places, apart from each other.
claims-rejected-why = Why it was rejected
claims-withdrawn = The application was withdrawn as you asked. It costs nothing.
claims-erased = The private key was erased on { $at }
claims-erased-text = It is not kept here any more. If you lose the file, apply for a new certificate.
claims-erased-unfetched = The private key was not downloaded in time and was erased on { $at }
claims-erased-unfetched-text = This certificate can be downloaded no more. Please apply for a new one.
claims-help-withdraw = If you want to withdraw the application
claims-help-withdraw-text = Please contact the federation. It costs nothing until the certificate is issued.
claims-help-why = If you do not understand why it was rejected
claims-help-why-text = Mend what the reason names and apply again. If it is still not clear, please ask the federation.
claims-help-lost = If you have lost the file or the computer
claims-help-lost-text = As long as this page offers the download you can download it again. If it does not, apply for a new certificate. If others might use the lost one, ask for its revocation at once.
claims-help-password = If you do not know your issue password
claims-help-password-text = If you have a certificate, have it reissued here. If you have none, call the federation. The old password is then no longer taken.
claims-help-revoke = If you do not need the certificate any more
claims-help-revoke-text = It has to be revoked. Please contact the federation.
claims-help-ledger = What a ledger entry is
claims-help-ledger-text = What is done is kept in a ledger that nobody can alter afterwards. You can save the proof as a file. Ordinarily you do not need it.

## Download

claims-download-title = Download the certificate
claims-download-kept = One file (PKCS#12, ending in .p12) holds the private key and the certificate. When you install it you will need the password that you type here once more.
claims-download-own = The file (ending in .pem) holds the certificate and those of the authorities above it. There is no private key in it.
claims-download-until = Please download it by { $until }
claims-download-until-text = After that the private key is erased and cannot be downloaded any more. Until then you can download it as often as you like.
claims-download-after = Once it is downloaded
claims-download-after-1 = Install it on the computer that sends your claims, following “How to install the certificate”.
claims-download-after-2 = See that it is installed, and keep a copy of the file in a safe place.
claims-download-after-3 = Press “I have it” on the page of the application. The private key kept here is then erased.
claims-download-after-own-1 = Install the certificate on the computer where your private key is.
claims-download-after-own-2 = See that the program that sends your claims offers the certificate.
claims-to-confirm = To the application (to press “I have it”)
claims-help-download = If the download does not begin
claims-help-download-text = The browser may have stopped the file. Look for a message at the top of the window and choose to keep or to save the file.

## Installing

claims-guide-about = Install the downloaded file (.p12) on the computer that sends your claims. It takes about ten minutes. Names of windows may differ a little in your version.
claims-guide-win = Windows 10 and Windows 11
claims-guide-win-1 = Sign in to Windows as the user who sends claims, and double-click the downloaded .p12 file.
claims-guide-win-2 = The “Certificate Import Wizard” opens. Choose as follows in each of its windows and press “Next”.
claims-guide-win-place = Store Location
claims-guide-win-place-do = Choose “Current User”.
claims-guide-win-file = File to Import
claims-guide-win-file-do = Just press “Next”.
claims-guide-win-password = Private key protection: Password
claims-guide-win-password-do = Type the issue password that you typed when you downloaded the file.
claims-guide-win-options = Private key protection: Import options
claims-guide-win-options-do = Tick “Include all extended properties” alone. Do not tick “Mark this key as exportable”.
claims-guide-win-store = Certificate Store
claims-guide-win-store-do = Choose “Automatically select the certificate store based on the type of certificate”.
claims-guide-win-end = Completing the Certificate Import Wizard
claims-guide-win-end-do = Press “Finish”. When it says “The import was successful.” you are done.
claims-guide-win-warning = If there is a “Security Warning”
claims-guide-win-warning-do = It asks whether to install the certificate of the authority too. If the thumbprint is the one that the federation gave you for the authority, press “Yes”. If not, press “No” and contact the federation.
claims-guide-win-see = To see that it is installed, type “Manage user certificates” in the Start menu and look under “Personal”, “Certificates” for the one with your provider number.
claims-guide-mac = macOS
claims-guide-mac-1 = Double-click the downloaded .p12 file. “Keychain Access” opens.
claims-guide-mac-2 = If you are asked for a keychain, choose “login” and press “Add”.
claims-guide-mac-3 = When you are asked for a password, type the issue password that you typed when you downloaded the file.
claims-guide-mac-4 = Look under “My Certificates” of the keychain “login” for the certificate with your provider number and its private key.
claims-guide-own = If you made the key
claims-guide-own-1 = Bring the downloaded .pem file to the computer where you made the certificate request.
claims-guide-own-2 = If you made it with certreq on Windows, run “certreq -accept FILE” in a command prompt.
claims-guide-own-3 = If you made it with OpenSSL, run “openssl pkcs12 -export -inkey KEY-FILE -in DOWNLOADED-FILE -out NEW-FILE.p12” and install that file as above.
claims-guide-after = Once it is installed
claims-guide-after-text = If we made the key, press “I have it” on the page of the application. The private key kept here is then erased.
claims-guide-safe = Keep the file and its password apart
claims-guide-safe-text = Whoever has both the .p12 file and its password can send claims as your office. Do not send it by mail or leave it in a shared folder.
claims-guide-help-refused = If it says that the password is wrong
claims-guide-help-refused-text = Check capitals and small letters. If the password is right and the file is still refused, the computer may be too old for its encryption (AES-256): Windows 10 before version 1709 and older versions of macOS may not open it.
claims-guide-help-other = If you need it on another computer
claims-guide-help-other-text = Install your copy of the .p12 file there in the same way.
claims-guide-back = Back to your certificates

## Proofs from the ledger

claims-proof = Entry in the ledger
claims-proof-soon = The ledger is still taking this down
claims-proof-soon-text = What happens is written within seconds into a ledger that nobody can alter. Please wait a moment and open it again.
claims-proof-again = Open it again

## Notices

claims-notices = Notices
claims-notices-back = Back to the notices
