home-title = Certificate desks
home-what = Here you apply for certificates, receive them, and have them revoked. Choose the desk you need.
home-no-desk = No desk is open in this installation yet.
home-staff = For staff
home-staff-whom = Staff
home-staff-what = Look at applications, and have certificates issued or revoked.
