# Texts of the newdesk desk.

newdesk-home = How it works
newdesk-about = Clerks look at applications in the order in which they came. This is where a case can stand, and who may do what next.
newdesk-path = Statuses, and what may be done in each
newdesk-status = Status
newdesk-meaning = What it means
newdesk-next = What may be done next
newdesk-nothing = Nothing more: it is settled
newdesk-step = { $what } ({ $who })

newdesk-meaning-received = The application is here, and waits for a clerk.
newdesk-meaning-accepted = What was asked for is granted.
newdesk-meaning-declined = What was asked for is not granted. The case says why.
newdesk-meaning-withdrawn = The applicant took it back.
