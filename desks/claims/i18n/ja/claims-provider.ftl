## どの画面でも使う言葉

claims-certificates = 証明書
claims-case-number = 受付番号
claims-status = 状況
claims-applied-at = 申請日時
claims-applied-on = 申請日
claims-provider-name = 事業所の名称
claims-provider-number = 事業所番号
claims-fee = 発行手数料
claims-fee-offset = { $fee }（請求代金と相殺）
claims-validity = 有効期間
claims-years = { $years }年
claims-months = { $months }か月
claims-apply-email = お知らせを受け取るメールアドレス
claims-apply-key = 鍵の作り方
claims-key-service = この窓口で作る
claims-key-own = 自分で作る（証明書発行要求を用意する）
claims-consent = 手数料の相殺への同意
claims-consent-given = { $at }に同意（同意文 第{ $version }版）
claims-fee-transfer = { $fee }（銀行振込）
claims-pay-until = お支払い期限
claims-agent-name = 法人名
claims-agent-id = 代理人ID
claims-transfer-title = 手数料は銀行振込です
claims-transfer-text = 申請すると、請求書を印刷できるようになります。振込人名には代理人ID { $id } を付けてください。入金を確かめてから、証明書を発行します。
claims-issue-password = 証明書発行用パスワード
claims-issue-password-hint = 連合会から届いた「テスト用ID」の通知書に書かれている、申請とダウンロードに使うパスワードです。ログインのパスワードとは別のものです。
claims-apply = 発行を申請する
claims-apply-again = もう一度申請する
claims-download = 証明書をダウンロードする
claims-download-again = もう一度ダウンロードする
claims-confirm = 取り込みました
claims-confirm-consequence = 請求に使うパソコンに取り込めたことを確かめてから押してください。ここに保管している秘密鍵を消去します。もうダウンロードできなくなり、取り消せません。
claims-guide = 証明書の取り込み方
claims-receipt = 申請の受付票（PDF）
claims-to-case = 申請の状況を見る
claims-to-check = 確認へ進む
claims-step = 手順{ $n }
claims-cancel = やめる

## 証明書の一覧

claims-home-whose = { $name }（事業所番号 { $number }）の電子証明書です。
claims-home-whose-agent = { $name }（代理人ID { $number }）の電子証明書です。
claims-home-unread = 未読のお知らせが{ $count }件あります。
claims-notices-all = すべてのお知らせを見る
claims-home-newest = いちばん新しい申請
claims-home-see = 申請の内容とこれまでの経過を見る
claims-home-all = これまでの申請
claims-home-empty = まだ申請がありません。下のボタンから申請すると、その状況と証明書がここに表示されます。
claims-home-wait = 申請 { $number } の手続が終わると、次の申請ができます。
claims-help-first = はじめて申請するとき
claims-help-first-text = 連合会から届いた通知書に書かれている証明書発行用パスワードと、お知らせを受け取るメールアドレスをご用意ください。申請は5分ほどで終わります。
claims-help-ask = 連合会に問い合わせたいとき
claims-help-ask-text = { $contact }

## 申請：入力

claims-apply-title = 電子証明書の発行を申請する
claims-apply-about = 請求に使う電子証明書の発行を申請します。5分ほどで終わります。証明書発行用パスワードの通知書をお手元にご用意ください。
claims-apply-email-hint = 証明書が発行されると、このアドレスにお知らせします。
claims-key-service-hint = ほとんどの事業所はこちらです。鍵と証明書が入ったファイルをダウンロードして使います。
claims-key-own-hint = 秘密鍵を外に出したくない場合に選びます。専用の道具で証明書発行要求（CSR）を作る必要があります。
claims-apply-help-key = 鍵の作り方をどちらにするか迷うとき
claims-apply-help-key-text = 「この窓口で作る」を選んでください。特別な準備は要りません。
claims-apply-help-name = 事業所の名称や番号が違っているとき
claims-apply-help-name-text = 申請する前に、連合会へご連絡ください。ここでは変更できません。
claims-apply-help-stop = 途中でやめたいとき
claims-apply-help-stop-text = この画面を閉じてください。確認の画面で申請するまで、何も登録されません。
claims-apply-under-way = 手続き中の申請 { $number } があります。
claims-apply-wait = 申請は1件ずつ受け付けます。この申請の手続が終わると、次の申請ができます。取り下げたいときは連合会へご連絡ください。

## 申請：証明書発行要求

claims-request-title = 証明書発行要求を出す
claims-request-about = お手元で作った証明書発行要求（PKCS#10）を、ファイルか貼り付けで出してください。どちらか一方で構いません。
claims-request-rsa = 鍵はRSA 2048ビット以上で作ってください。
claims-request-name = 要求の中の名前は何でも構いません。証明書には、登録された事業所番号が入ります。
claims-request-safe = 秘密鍵は出さないでください。秘密鍵はお手元から外に出しません。
claims-request = 証明書発行要求
claims-request-hint = 「-----BEGIN CERTIFICATE REQUEST-----」から「-----END CERTIFICATE REQUEST-----」までを貼り付けます。
claims-request-file = 証明書発行要求のファイル
claims-request-file-hint = 16キロバイトまで。ファイルと貼り付けの両方があるときは、ファイルを使います。
claims-request-back = 鍵の作り方を選び直す
claims-request-missing = 証明書発行要求のファイルを選ぶか、文字を貼り付けてください。
claims-request-large = 大きすぎます。証明書発行要求は16キロバイトまでです。別のファイルを選んでいないか確かめてください。
claims-request-private = 秘密鍵が入っていたため、受け付けずに捨てました。「CERTIFICATE REQUEST」と書かれた部分だけを出してください。その鍵は使わず、鍵を作り直すことをおすすめします。
claims-request-certificate = これは証明書です。証明書発行要求（CERTIFICATE REQUEST）を出してください。
claims-request-several = 証明書発行要求が2つ以上入っています。1つだけ出してください。
claims-request-form = 証明書発行要求として読み取れませんでした。BEGINの行からENDの行まで、すべて入っているか確かめてください。
claims-request-help = 証明書発行要求の作り方
claims-request-help-text = WindowsのcertreqやOpenSSLなどで作ります。OpenSSLの例：openssl req -new -newkey rsa:2048 -keyout my.key -out my.csr -subj /CN=certificate
claims-request-help-other = やはりこの窓口で鍵を作りたいとき
claims-request-help-other-text = 「鍵の作り方を選び直す」を押してください。

## 申請：確認

claims-check-title = 申請の内容を確かめる
claims-check-about = 内容と同意文をお読みになり、証明書発行用パスワードを入力して申請してください。まだ申請は終わっていません。
claims-check-about-agent = 内容をお読みになり、証明書発行用パスワードを入力して申請してください。まだ申請は終わっていません。
claims-check-who = 申請する方
claims-check-what = 申請の内容
claims-request-taken = 受け取りました（秘密鍵はお手元にあります）
claims-consent-title = 手数料の相殺に関する同意文（第{ $version }版）
claims-agree = 同意文を読み、発行手数料の相殺に同意します
claims-apply-submit = 同意して申請する
claims-apply-submit-agent = 申請する
claims-check-help-later = 申請した後に取り下げたいとき
claims-check-help-later-text = 発行される前であれば取り下げられます。手数料はかかりません。連合会へご連絡ください。

## 申請：完了

claims-applied-title = 申請の受付
claims-applied = 申請を受け付けました
claims-applied-mail = 証明書が発行されると、{ $email } にメールが届きます。
claims-applied-mail-who = システム
claims-applied-fetch = この窓口から証明書をダウンロードし、パソコンに取り込みます。
claims-help-long = 証明書が届くまでの日数を知りたいとき
claims-help-long-text = 連合会が申請を確認する日数は、混み具合によって変わります。確認が終わると、証明書は通常数分で発行され、メールでお知らせします。お急ぎのときは連合会へお問い合わせください。

## 申請の状況

claims-case = 証明書の申請
claims-application = 申請の内容
claims-papers = 書類
claims-card = 電子証明書
claims-card-whose = { $name }（{ $number }）が請求に使う電子証明書です。
claims-card-valid = 有効
claims-card-over = 有効期間終了
claims-card-lost = 使えません
claims-card-from = 有効期間の始まり
claims-card-until = 有効期間の終わり
claims-card-serial = シリアル番号
claims-card-subject = 証明書の持ち主の名前
claims-card-issuer = 発行した認証局の名前
claims-card-compare = 証明書を見比べるとき
claims-card-fingerprint = フィンガープリント（SHA-256）
claims-card-more = そのほかの内容
claims-card-later = ただいま表示できません。しばらくしてから開き直してください。
claims-confirmed = 手続はこれで終わりです
claims-confirmed-text = ダウンロードしたファイルとパスワードは、別々に大切に保管してください。
claims-rejected-why = 却下の理由
claims-withdrawn = ご連絡により、申請を取り下げました。手数料はかかりません。
claims-erased = 秘密鍵は{ $at }に消去しました
claims-erased-text = この窓口に秘密鍵は残っていません。ファイルを失くしたときは、新しく発行を申請してください。
claims-erased-unfetched = 期限までにダウンロードされなかったため、秘密鍵は{ $at }に消去しました
claims-erased-unfetched-text = この証明書はもうダウンロードできません。新しく発行を申請してください。
claims-help-withdraw = 申請を取り下げたいとき
claims-help-withdraw-text = 連合会へご連絡ください。発行の前であれば手数料はかかりません。
claims-help-why = 却下の理由がわからないとき
claims-help-why-text = 理由に書かれたことを確かめてから、もう一度申請できます。それでもわからないときは、連合会へお問い合わせください。
claims-help-lost = ファイルやパソコンを失くしたとき
claims-help-lost-text = この画面に「ダウンロードする」があれば、もう一度ダウンロードできます。なければ、新しく発行を申請してください。ほかの人が使うおそれがあるときは、すぐに失効を連絡してください。
claims-help-password = 証明書発行用パスワードがわからないとき
claims-help-password-text = 証明書をお持ちのときは、この窓口で再発行できます。お持ちでないときは、連合会へ電話でお申し出ください。再発行すると、前のパスワードは使えなくなります。
claims-help-revoke = 証明書を使わなくなったとき
claims-help-revoke-text = 失効の手続が必要です。連合会へご連絡ください。
claims-help-ledger = 「台帳の記録」とは
claims-help-ledger-text = 手続が行われたことを、あとから書き換えられない台帳に残しています。その証明のファイルを保存できます。ふだんの手続では使いません。

## ダウンロード

claims-download-title = 証明書をダウンロードする
claims-download-kept = 秘密鍵と証明書が1つになったファイル（PKCS#12、拡張子 .p12）です。パソコンに取り込むときに、ここで入力するパスワードをもう一度使います。
claims-download-own = 証明書と、その上位の認証局の証明書が入ったファイル（拡張子 .pem）です。秘密鍵は入っていません。
claims-download-until = { $until }までにダウンロードしてください
claims-download-until-text = この時刻を過ぎると秘密鍵を消去し、ダウンロードできなくなります。それまでは何度でもダウンロードできます。
claims-download-after = ダウンロードしたら
claims-download-after-1 = 「証明書の取り込み方」を見ながら、請求に使うパソコンに取り込みます。
claims-download-after-2 = 取り込めたことを確かめ、ファイルを安全な場所に控えます。
claims-download-after-3 = 申請の状況の画面で「取り込みました」を押します。ここに保管している秘密鍵を消去します。
claims-download-after-own-1 = 秘密鍵のあるパソコンに証明書を取り込みます。
claims-download-after-own-2 = 請求に使うソフトで、証明書が選べることを確かめます。
claims-to-confirm = 申請の状況へ（「取り込みました」を押す）
claims-help-download = ダウンロードが始まらないとき
claims-help-download-text = ブラウザーがファイルを止めていることがあります。画面の上や右上に出る案内で「保存」や「保持」を選んでください。

## 取り込み方

claims-guide-about = ダウンロードしたファイル（.p12）を、請求に使うパソコンに取り込みます。10分ほどで終わります。画面の名前は、お使いの版によって少し違うことがあります。
claims-guide-win = Windows 10・Windows 11
claims-guide-win-1 = 請求に使う利用者でWindowsにサインインし、ダウンロードした .p12 のファイルをダブルクリックします。
claims-guide-win-2 = 「証明書のインポート ウィザード」が始まります。画面ごとに、次のように選んで「次へ」を押します。
claims-guide-win-place = 保存場所
claims-guide-win-place-do = 「現在のユーザー」を選びます。
claims-guide-win-file = インポートする証明書ファイル
claims-guide-win-file-do = そのまま「次へ」を押します。
claims-guide-win-password = 秘密キーの保護：パスワード
claims-guide-win-password-do = ダウンロードしたときに入力した、証明書発行用パスワードを入力します。
claims-guide-win-options = 秘密キーの保護：インポート オプション
claims-guide-win-options-do = 「すべての拡張プロパティを含める」だけにチェックを入れます。「このキーをエクスポート可能にする」にはチェックを入れません。
claims-guide-win-store = 証明書ストア
claims-guide-win-store-do = 「証明書の種類に基づいて、自動的に証明書ストアを選択する」を選びます。
claims-guide-win-end = 証明書のインポート ウィザードの完了
claims-guide-win-end-do = 「完了」を押します。「正しくインポートされました。」と出たら終わりです。
claims-guide-win-warning = 「セキュリティ警告」が出たとき
claims-guide-win-warning-do = 認証局の証明書も取り込むかを尋ねています。表示された拇印が、連合会から案内された認証局のものと同じであれば「はい」を押します。違うときは「いいえ」を押し、連合会へご連絡ください。
claims-guide-win-see = 取り込めたことは、スタートメニューで「ユーザー証明書の管理」と入力して開き、「個人」の「証明書」に事業所番号の証明書があることで確かめられます。
claims-guide-mac = macOS
claims-guide-mac-1 = ダウンロードした .p12 のファイルをダブルクリックします。「キーチェーンアクセス」が開きます。
claims-guide-mac-2 = 「キーチェーン」を尋ねられたら「ログイン」を選び、「追加」を押します。
claims-guide-mac-3 = パスワードを尋ねられたら、ダウンロードしたときに入力した証明書発行用パスワードを入力します。
claims-guide-mac-4 = 「ログイン」キーチェーンの「自分の証明書」に、事業所番号の証明書と秘密鍵が並んでいることを確かめます。
claims-guide-own = 自分で鍵を作ったとき
claims-guide-own-1 = ダウンロードした .pem のファイルを、証明書発行要求を作ったパソコンに移します。
claims-guide-own-2 = Windowsのcertreqで作ったときは、コマンド プロンプトで「certreq -accept ファイル名」を実行します。
claims-guide-own-3 = OpenSSLで作ったときは、「openssl pkcs12 -export -inkey 秘密鍵のファイル -in ダウンロードしたファイル -out 新しいファイル.p12」で1つのファイルにして、上の手順で取り込みます。
claims-guide-after = 取り込みが済んだら
claims-guide-after-text = この窓口で鍵を作ったときは、申請の状況の画面で「取り込みました」を押してください。ここに保管している秘密鍵を消去します。
claims-guide-safe = ファイルとパスワードは別々に保管してください
claims-guide-safe-text = .p12 のファイルとパスワードの両方があれば、だれでもあなたの事業所として請求できます。メールで送ったり、共有のフォルダーに置いたりしないでください。
claims-guide-help-refused = 「パスワードが違います」と出るとき
claims-guide-help-refused-text = 大文字と小文字を確かめてください。正しくても取り込めないときは、パソコンが古く、ファイルの暗号（AES-256）に対応していないことがあります。Windows 10 バージョン1709より前の版と、古い版のmacOSでは開けないことがあります。
claims-guide-help-other = 別のパソコンでも使いたいとき
claims-guide-help-other-text = 控えておいた .p12 のファイルを、同じ手順でそのパソコンにも取り込みます。
claims-guide-back = 「証明書」の画面に戻る

## 台帳の記録

claims-proof = 台帳の記録
claims-proof-soon = 台帳の記録を準備しています
claims-proof-soon-text = 行われたことは、改ざんできない台帳に数秒で書き込まれます。少し待って、もう一度開いてください。
claims-proof-again = もう一度開く

## お知らせ

claims-notices = お知らせ
claims-notices-back = お知らせの一覧に戻る
