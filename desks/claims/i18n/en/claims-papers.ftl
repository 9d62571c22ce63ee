## Quotation

claims-quotation = Make a quotation
claims-quotation-about = Make a quotation (PDF) of what a certificate costs. It is no application: nothing is registered, and you can make as many as you like.
claims-quotation-address = Address
claims-quotation-person = Person
claims-quotation-person-hint = If it should be made out to somebody in particular.
claims-quotation-honorific = Honorific
claims-quotation-honorific-none = None
claims-quotation-until = Holds for
claims-quotation-days = { $days ->
    [one] { $days } day from today
   *[other] { $days } days from today
}
claims-quotation-make = Download the quotation (PDF)
claims-quotation-help-other = If it should be made out to somebody else
claims-quotation-help-other-text = Change the name and the address as you like. What is registered stays as it is.
claims-quotation-help-apply = If you want to apply at this price
claims-quotation-help-apply-text = Choose “Apply”. The fee is that of the day on which you apply.
