## What a status means

claims-meaning-applied = The application has arrived. The federation is looking at it.
claims-meaning-awaiting-payment = The application has arrived. It waits for its fee.
claims-meaning-issue-requested = The federation has looked at the application, and will order the certificate.
claims-meaning-awaiting-issue = The certificate was ordered from the authority.
claims-meaning-issued = The certificate was issued.
claims-meaning-revocation-requested = A revocation was asked for. The certificate is still good.
claims-meaning-awaiting-revocation = The revocation was ordered from the authority.
claims-meaning-revoked = The certificate is revoked and can be used no more.
claims-meaning-rejecting = The application is to be rejected. A notice follows soon.
claims-meaning-rejected = The application was rejected. It costs nothing.

## What happens next: for providers, for the federation, and who does it

claims-next-applied-provider = The federation looks at your application. Please wait.
claims-next-applied-desk = Look at it, then register the issue request or reject it.
claims-next-applied-who = A clerk of the federation
claims-next-awaiting-payment-provider = Please transfer the fee to the account on the invoice, with your agent’s ID in the name of the payer.
claims-next-awaiting-payment-desk = See that the agent’s transfer has come, and register the payment.
claims-next-awaiting-payment-who = The agent
claims-next-issue-requested-provider = The certificate is ordered from the authority.
claims-next-issue-requested-desk = It is handed to the authority by itself. Until then a manager can undo it.
claims-next-issue-requested-who = The system
claims-next-awaiting-issue-provider = The certificate is being made. This usually takes minutes; you will get a mail.
claims-next-awaiting-issue-desk = When the certificate comes from the authority it is registered by itself.
claims-next-awaiting-issue-who = The authority
claims-next-issued-fetch-provider = Type your issue password and download it.
claims-next-issued-fetch-desk = The applicant downloads it. After the deadline the private key is erased.
claims-next-issued-fetch-who = The applicant
claims-next-issued-confirm-provider = When it is installed on the computer that sends your claims, press “I have it”. The key kept here is then erased.
claims-next-issued-confirm-desk = The key is erased when the applicant confirms, or by itself after the deadline.
claims-next-issued-confirm-who = The applicant
claims-next-issued-own-provider = Download the certificate and install it where your private key is.
claims-next-issued-own-desk = The applicant downloads the certificate.
claims-next-issued-own-who = The applicant
claims-next-revocation-requested-provider = The revocation is ordered from the authority.
claims-next-revocation-requested-desk = It is handed to the authority by itself. Until then a manager can undo it.
claims-next-revocation-requested-who = The system
claims-next-awaiting-revocation-provider = Once a revocation list names it, the certificate can be used no more.
claims-next-awaiting-revocation-desk = When a list comes that names this certificate, it is registered by itself.
claims-next-awaiting-revocation-who = The authority
claims-next-rejecting-provider = A notice will tell you the reason.
claims-next-rejecting-desk = The applicant is notified by itself. Until then a manager can undo it.
claims-next-rejecting-who = The system
claims-next-issued-lost-provider = This certificate cannot be used. Please apply for a new one.
claims-next-issued-lost-desk = The private key was erased before it was downloaded. The applicant applies for a new certificate.
claims-next-issued-lost-who = The applicant
claims-next-issued-done-provider = Everything is done. Use it for your claims until it expires.
claims-next-issued-done-desk = Everything is done. The applicant uses it until it expires.
claims-next-issued-over-provider = It has expired. To go on sending claims, apply for a new one.
claims-next-issued-over-desk = It has expired. To go on sending claims, the applicant applies for a new one.
claims-next-issued-over-who = The applicant
claims-next-about = about { $time }
claims-pay-by = Until { $day }
