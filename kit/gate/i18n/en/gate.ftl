# Signing in and sessions

gate-sign-in = Sign in
gate-login = ID
gate-login-hint = It stands in the letter you were sent. Capitals and small letters are different.
gate-password = Password
gate-sign-in-button = Sign in
gate-to-staff = Sign in as staff
gate-to-applicants = Sign in as an applicant
gate-help-forgot = I do not know my ID or password
gate-help-forgot-text = They are in the letter that you were sent. If you cannot find it, ask the desk you applied to.
gate-help-locked = I cannot sign in although everything is right
gate-help-locked-text = After three wrong tries in a row an ID cannot sign in for 30 minutes. Wait for 30 minutes and try again.

gate-staff-sign-in = Sign in as staff
gate-passkey = Passkey
gate-passkey-text = Sign in with the device or security key that you registered. You need not type an ID.
gate-passkey-sign-in = Sign in with a passkey
gate-passkey-make = Register a passkey
gate-passkey-failed = The passkey could not be checked. Please try again.
gate-passkey-unable = This browser has no passkeys. Use another browser or a client certificate.
gate-passkey-no-script = Passkeys need JavaScript. Please allow it in your browser.
gate-certificate = Client certificate
gate-certificate-text = Sign in with the certificate that this connection presented.
gate-certificate-sign-in = Sign in with the certificate
gate-certificate-none = This connection presented no certificate. If you have one, open your browser anew and choose it.
gate-help-enrol = This is my first time
gate-help-enrol-text = Open the enrolment link that your manager gave you, and register a passkey or client certificate.
gate-help-lost = I lost my device or certificate
gate-help-lost-text = Tell your manager at once. They remove what was registered and give you a new enrolment link.

gate-enrol = Get ready to sign in
gate-enrol-text = Register one thing to sign in with from now on. This link works once.
gate-name = Name
gate-login-name = Registered as
gate-enrol-passkey-text = You will sign in with the screen lock of your device: finger, face or PIN. This is what we recommend.
gate-enrol-certificate = Register this certificate
gate-enrol-certificate-text = Register the certificate that this connection presented, to sign in with from now on.
gate-enrol-certificate-none = To register a certificate, open your browser anew, choose the certificate, and open this link again.
gate-enrolled = Registered
gate-enrolled-now = You are registered.
gate-enrolled-text = The enrolment link is used up. From now on you sign in with what you registered.
gate-enrolled-next = Go on to sign in

gate-enter = Sign in by link
gate-enter-text = You are about to sign in as { $name }. This link works once.
gate-enter-button = Sign in

gate-ended = Session ended
gate-ended-now = Your session is over.
gate-ended-idle = Nothing was done for a while, or you had been signed in for a long time, so you were signed out. Sign in again to go on.
gate-ended-deleted = You are not signed in here: you signed out, or the cookies of your browser were deleted. Sign in to go on.
gate-ended-again = Sign in again
gate-help-ended = Why was I signed out?
gate-help-ended-text = So that nobody uses your session while you are away from your desk, it ends when nothing is done for about 20 minutes.
gate-kept = What you typed is still on this page.
gate-kept-text = It has not been sent yet. Sign in with the same ID and you can go on from there. Do not close this page. Passwords are not kept.
gate-lost = What you typed was not sent.
gate-kept-file = The file you chose is not kept. Choose it again on the page that follows.
gate-lost-text = It is too large to be kept on this page, or cannot be read. Sign in and type it again, please.
gate-resume = Back to what I typed
gate-resume-text = You are taken on once the passkey has signed you in. Press this only if you are not.

gate-again-title = Send what you typed
gate-again = You are signed in again.
gate-again-text = What you typed is still here.
gate-again-file = What you typed is still here. The file you chose is not: choose it again on the next page.
gate-again-check = It has not been sent yet. The button below sends it and takes you on.
gate-again-button = Send what I typed

gate-signed-out = Signed out
gate-signed-out-now = You are signed out.
gate-signed-out-text = On a shared computer, close the browser as well.
gate-sign-in-again = Sign in again
