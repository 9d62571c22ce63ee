home-title = 電子証明書の窓口
home-what = 電子証明書を申請し、受け取り、失効させるための窓口です。ご用件の窓口へお進みください。
home-no-desk = この設置では、まだ窓口が開かれていません。
home-staff = 職員の方
home-staff-whom = 職員の方
home-staff-what = 申請を確認し、発行や失効の手続きをします。
