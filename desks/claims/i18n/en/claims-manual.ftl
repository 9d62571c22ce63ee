## Manuals

claims-manual = Manuals
claims-manual-about = How to use the certificate desk. The manuals are in Japanese, in short chapters: begin wherever you need to.
claims-manual-title-applicant = Manual for care providers and agents (in Japanese)
claims-manual-title-clerk = Manual for the federation (in Japanese)
claims-manual-title-operator = Manual for operators (in Japanese)
claims-manual-for-applicant = For care providers and agents
claims-manual-for-clerk = For clerks and managers of the federation
claims-manual-for-operator = For those who run the server
claims-manual-about-applicant = Applying, downloading, installing, renewing, and what to do when something goes wrong.
claims-manual-about-clerk = Review, payments, revocation requests, holders and letters, mass work, fees, records.
claims-manual-about-operator = Installing, settings, watching, backups, and disturbances.
