## Frame

web-skip = Skip to the content
web-title-error = Error: {""}
web-incident = Disruption and important notices
web-incident-since = Since { $time }
web-other-language = 日本語
web-ends = Signed in until { $time } ({ $minutes } min left)
web-minutes-left-js = You will be signed out in {"{"}n{"}"} min
web-session-over = Your session has ended. Sign in again, and what you have typed can still be sent.
web-sign-out = Sign out
web-menu = Menu of this desk
web-crumbs = You are here
web-help = If you need help
web-help-more = Read more
web-manual = Manual (in Japanese)
web-manual-contents = Contents
web-about = {" "}about: { $what }
web-made = This page was shown on { $time }
web-home = Go to the first page

## Tones

web-tone-neutral = Note
web-tone-info = Information
web-tone-success = Done
web-tone-attention = Attention
web-tone-danger = Important

## Input

web-required = Required
web-optional = Optional
web-example = Example: { $example }
web-error-word = Error
web-choose = Choose one
web-era = Calendar
web-era-ad = Gregorian
web-date-year = Year
web-date-month = Month
web-date-day = Day
web-errors = { $count ->
    [one] There is a problem with one answer. Mend it to go on.
   *[other] There are problems with { $count } answers. Mend them to go on.
}
web-errors-refused = This was not accepted.
web-change = Change
web-nothing-typed = Not given
web-back-to-input = Back to the form
web-steps = Step { $at } of { $of }
web-step-input = Fill in
web-step-check = Check
web-step-finish = Done
web-step-now = this step
web-step-done = completed

web-err-missing = Fill in “{ $label }”.
web-err-long = “{ $label }” can be up to { $max } characters long.
web-err-one-line = “{ $label }” must be one line, without special characters.
web-err-control = “{ $label }” has characters that cannot be used. Type it again.
web-err-email = “{ $label }” must look like name@example.jp.
web-err-phone = “{ $label }” must be 10 or 11 digits that begin with 0.
web-err-digits = “{ $label }” must be { $count } digits.
web-err-number = “{ $label }” must be a number from { $from } to { $to }.
web-err-kana = “{ $label }” must be in katakana.
web-err-date = “{ $label }” must be a real date: day, month and year in digits.
web-err-choice = Choose an answer for “{ $label }”.
web-err-agree = Tick “{ $label }” to go on.

## Status

web-status = Current status
web-next = What happens next
web-next-who = Who
web-next-when = When
web-next-deadline = Deadline
web-next-until = { $time }
web-can-do = What you can do now
web-history = What has happened so far
web-ledger = Ledger entry

## Dangerous acts

web-undo-never = This cannot be undone.
web-undo-until = This can be undone until { $time }.
web-undo-while = This can be undone { $what }.

## Lists

web-search = Search
web-search-clear = Clear search
web-filters = Filters
web-pick = Select
web-picked-none = None selected
web-picked-js = {"{"}n{"}"} selected
web-pages = Pages
web-page = Page
web-pager = { $from }–{ $to } of { $total }
web-previous = Previous
web-next-page = Next
web-no-notices = There are no notices. What happens to your applications will be told here.
web-unread = Unread
web-back = Back

## Codes

web-copy = Copy
web-copied = Copied
web-aloud = To read aloud on the telephone

## Progress

web-progress = { $done } of { $total } done
web-progress-rate = { $rate } a minute
web-progress-left = About { $minutes } min left
web-progress-leave = You may leave this page: the work goes on, and a notice tells you when it is done.
web-progress-again = See where it is now
web-progress-failed = { $count } failed.
web-progress-list = See what failed

## Certificates

web-cert-days = { $n ->
    [one] One day left
   *[other] { $days } days left
}
web-cert-today = Valid until the end of today
web-cert-over = No longer valid: its time is over
web-cert-bar = Validity: { $left }
web-cert-details = Details of the certificate

## Refusals

web-refusal-malformed = This could not be read
web-refusal-unauthenticated = Sign in first
web-refusal-forbidden = You cannot open this page
web-refusal-not-found = Page not found
web-refusal-conflict = Something else was done first
web-refusal-too-large = This is too large
web-refusal-refused = This was not accepted
web-refusal-too-many = Wait a little, then try again
web-refusal-unavailable = Not available just now
web-refusal-internal = Something went wrong on our side
web-code = If you call us, give us this code: { $code }

## Gallery

web-gallery = Sample pages
web-gallery-about = Every page and component, with sample data.
web-gallery-part = Part
web-gallery-name = Page
web-gallery-empty = There are no samples yet.

## Words of the sample pages

web-sample-number = Office number
web-sample-mail = E-mail address
web-sample-date = Day from which you want to use it
web-sample-way = How to receive it
web-sample-agree = I agree to offsetting the fee
