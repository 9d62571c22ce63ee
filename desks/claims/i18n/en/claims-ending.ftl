## The end of certificates: notices, renewal, deletion

claims-end-expiring = Ending soon
claims-end-expiring-about = Certificates that end soon and are not renewed yet, the first to end first.
claims-end-within = Within { $n } days
claims-end-last = Last day
claims-end-left = { $n } days left
claims-end-told = Told
claims-end-not-told = Not told yet
claims-end-none = No certificate ends within { $n } days.
claims-end-month = Month of the end
claims-end-count = Certificates
claims-end-letters = Letters for the post
claims-end-letters-of = Print the letters
claims-end-letters-none = There are no letters to print.
claims-end-print = Open as PDF
claims-end-print-part = Open as PDF ({ $n } of { $of })
claims-end-year-month = { $year }-{ $month }
claims-end-csv-last = Last day (Japan)
claims-end-csv-told = Told at (Japan)
claims-end-help-told = When are holders told?
claims-end-help-told-text = At six every morning, { $days } days before the end, each holder gets one notice and one mail. What a day without service has missed is sent the next morning.
claims-end-help-renewed = Are renewed certificates shown here?
claims-end-help-renewed-text = Once a new certificate is issued, the old one leaves this list and nobody is told of it. Neither are certificates that are being revoked, or are.

## Renewal
claims-renew = Apply for the renewal
claims-renew-valid = The certificate you have stays valid until its end.
claims-renew-over = It has ended. You apply for a new one.
claims-renewal-see = See the renewal
claims-renews = Renews
claims-end-renews = Renews
claims-end-renewal = Renewal
claims-end-not-renewed = None
