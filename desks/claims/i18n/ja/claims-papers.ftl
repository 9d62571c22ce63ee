## 見積書

claims-quotation = 見積書を作る
claims-quotation-about = 電子証明書の発行にかかる費用の見積書（PDF）を作ります。申請にはなりません。何も登録されず、何度でも作れます。
claims-quotation-address = 住所
claims-quotation-person = 氏名
claims-quotation-person-hint = 担当の方あてにするときに入力してください。
claims-quotation-honorific = 敬称
claims-quotation-honorific-none = 付けない
claims-quotation-until = 見積の有効期限
claims-quotation-days = 作った日から{ $days }日
claims-quotation-make = 見積書をダウンロードする（PDF）
claims-quotation-help-other = 登録と違うあて名にしたいとき
claims-quotation-help-other-text = あて名は自由に書き換えられます。登録された内容は変わりません。
claims-quotation-help-apply = 見積の金額で申請したいとき
claims-quotation-help-apply-text = 「発行を申請する」から申請してください。手数料は、申請した日の金額です。
