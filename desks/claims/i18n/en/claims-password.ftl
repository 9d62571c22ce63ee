## Reissue of the issue password

claims-reissue-title = Reissue of the issue password
claims-reissue-check-title = Check before the reissue
claims-reissue-done-title = Reissued
claims-reissue-lost = Have the issue password reissued
claims-reissue-about = The new password comes among your notices, encrypted to a certificate of yours. Only who has the file of that certificate opens it. On line, the password is reissued { $count } times a day at most.
claims-reissue-certificate = The certificate you have at hand
claims-reissue-certificate-hint = Choose one whose file (.p12) and its password you have.
claims-reissue-facts = Valid until { $until }, serial number { $serial }
claims-reissue-none = You have no certificate that could receive a new password. It must be issued, in force, and have been downloaded.
claims-reissue-without = If you have no certificate at hand
claims-reissue-without-text = Call the federation. They make sure that it is you, and send a new password by post. { $contact }
claims-reissue-to-check = Go on to check
claims-reissue-cancel = Cancel
claims-reissue-void = The present password is void at once
claims-reissue-void-text = A reissue cannot be undone. Files of certificates that you downloaded keep the passwords they have.
claims-reissue-submit = Reissue
claims-reissue-done = The new password is among your notices
claims-reissue-next-save = Open the notice and save its file (notice.p7m).
claims-reissue-next-open = Open the file on the page “Open an encrypted notice” with the file of your certificate (.p12).
claims-reissue-to-notice = Open the notice
claims-reissue-help-which = Which certificate do I choose?
claims-reissue-help-which-text = One of which you keep the .p12 file that you installed. No other opens the new password.
claims-reissue-help-files = What becomes of certificates I downloaded?
claims-reissue-help-files-text = Nothing. The certificates, and the passwords of their files, stay as they are.

## The file of a notice

claims-notice-file = Save the file ({ $name })
claims-notice-file-new = This notice comes with a file.
claims-notice-file-fetched = You fetched the file on { $time }. You can save it once more.

## Opening an encrypted notice

claims-open-notice-title = Open an encrypted notice
claims-open-notice-about = Opens the file of an encrypted notice with the file of the certificate it is for.
claims-open-notice-stays = Neither the files nor the password are sent anywhere
claims-open-notice-stays-text = All of it happens inside the browser of this computer. This page is set up so that it cannot connect.
claims-open-notice-file = File of the notice
claims-open-notice-file-hint = notice.p7m, saved from the page of the notice.
claims-open-notice-key = File of the certificate
claims-open-notice-key-hint = The .p12 that you downloaded here; or the file of the key (PEM), if you made the key yourself.
claims-open-notice-password = Password of the certificate’s file
claims-open-notice-password-needed = Required for a .p12
claims-open-notice-password-hint = The one you typed when you downloaded the certificate.
claims-open-notice-submit = Open
claims-open-notice-text = The notice
claims-open-notice-clear = Clear it
claims-open-notice-no-script = Scripts are off in this browser, so this page cannot open the notice. Open it with the command “warifu open-notice notice.p7m --p12 certificate.p12”.
claims-open-notice-say-busy = Opening…
claims-open-notice-say-opened = The notice is open.
claims-open-notice-say-cleared = Notice and password were cleared from the page.
claims-open-notice-say-no-crypto = This browser, or this connection, has no cryptography. Use an address that begins with https:// and a recent browser.
claims-open-notice-say-no-notice = Choose the file of the notice (notice.p7m).
claims-open-notice-say-no-key = Choose the file of the certificate (.p12).
claims-open-notice-say-too-long = The file is too long. Check that it is the right one.
claims-open-notice-say-bad-notice = What you chose as the file of the notice is not an encrypted notice. Choose the notice.p7m that you saved from the page of the notice.
claims-open-notice-say-bad-key = What you chose as the file of the certificate cannot be read as a .p12 or PEM with a key. Choose the .p12 that you downloaded here.
claims-open-notice-say-wrong-password = The file of the certificate does not open. Check the password: the one you typed when you downloaded the certificate, capitals and small letters apart.
claims-open-notice-say-other-certificate = This notice is for another certificate. Choose the file of the certificate that you chose for the reissue.
claims-open-notice-say-unsupported = This page does not open files encrypted in this way. Try the command “warifu open-notice”.
claims-open-notice-say-damaged = The notice does not open: the file is damaged or was altered. Save it again from the page of the notice.
claims-open-notice-help-lost = If you have lost the file of the certificate
claims-open-notice-help-lost-text = The notice cannot be opened. Call the federation; they send a new password by post.
claims-open-notice-help-command = If you want to open it without a browser
claims-open-notice-help-command-text = The command “warifu open-notice notice.p7m --p12 certificate.p12” opens it.
