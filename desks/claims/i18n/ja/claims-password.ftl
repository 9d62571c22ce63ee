## 証明書発行用パスワードの再発行

claims-reissue-title = 証明書発行用パスワードの再発行
claims-reissue-check-title = 再発行の確認
claims-reissue-done-title = 再発行の完了
claims-reissue-lost = 証明書発行用パスワードを再発行する
claims-reissue-about = 新しいパスワードを、お持ちの証明書で暗号化してお知らせに届けます。開けるのは、その証明書のファイルをお持ちの方だけです。オンラインでの再発行は1日に{ $count }回までです。
claims-reissue-certificate = お手元にある証明書
claims-reissue-certificate-hint = ファイル（.p12）とそのパスワードがお手元にある証明書を選びます。
claims-reissue-facts = 有効期間 { $until } まで、シリアル番号 { $serial }
claims-reissue-none = 新しいパスワードを受け取れる証明書がありません。発行済みで、有効期間内で、ダウンロードしたことのある証明書が必要です。
claims-reissue-without = 証明書がお手元にないとき
claims-reissue-without-text = 連合会へ電話でお申し出ください。ご本人であることを確かめ、新しいパスワードを郵送します。{ $contact }
claims-reissue-to-check = 確認へ進む
claims-reissue-cancel = やめる
claims-reissue-void = 前のパスワードは、すぐに使えなくなります
claims-reissue-void-text = 再発行は取り消せません。ダウンロード済みの証明書のファイルは、そのまま今のパスワードで使えます。
claims-reissue-submit = 再発行する
claims-reissue-done = 新しいパスワードをお知らせに届けました
claims-reissue-next-save = お知らせを開き、添付のファイル（notice.p7m）を保存します。
claims-reissue-next-open = 「お知らせを復号する」画面で、証明書のファイル（.p12）を使って開きます。
claims-reissue-to-notice = お知らせを開く
claims-reissue-help-which = どの証明書を選べばよいですか
claims-reissue-help-which-text = パソコンに取り込んだときの .p12 ファイルを保管している証明書です。選んだ証明書以外では開けません。
claims-reissue-help-files = ダウンロード済みの証明書はどうなりますか
claims-reissue-help-files-text = 変わりません。証明書も、そのファイルのパスワードも、これまでどおり使えます。

## お知らせのファイル

claims-notice-file = ファイルを保存する（{ $name }）
claims-notice-file-new = このお知らせには、ファイルが添付されています。
claims-notice-file-fetched = 添付のファイルは { $time } に受け取り済みです。もう一度保存することもできます。

## お知らせを復号する

claims-open-notice-title = お知らせを復号する
claims-open-notice-about = 暗号化されたお知らせのファイルを、宛先の証明書のファイルで開きます。
claims-open-notice-stays = 選んだファイルもパスワードも、どこにも送信しません
claims-open-notice-stays-text = このパソコンのブラウザーの中だけで開きます。この画面は、通信しない設定になっています。
claims-open-notice-file = お知らせのファイル
claims-open-notice-file-hint = お知らせの画面で保存した notice.p7m です。
claims-open-notice-key = 証明書のファイル
claims-open-notice-key-hint = この窓口でダウンロードした .p12 です。ご自分で作った鍵のときは、鍵のファイル（PEM）です。
claims-open-notice-password = 証明書のファイルのパスワード
claims-open-notice-password-needed = .p12 のとき必須
claims-open-notice-password-hint = 証明書をダウンロードしたときに入力したパスワードです。
claims-open-notice-submit = 復号する
claims-open-notice-text = お知らせの内容
claims-open-notice-clear = 内容を消す
claims-open-notice-no-script = ブラウザーでスクリプトが使えないため、この画面では開けません。コマンド「warifu open-notice notice.p7m --p12 証明書.p12」で開いてください。
claims-open-notice-say-busy = 開いています…
claims-open-notice-say-opened = お知らせを開きました。
claims-open-notice-say-cleared = 内容とパスワードを画面から消しました。
claims-open-notice-say-no-crypto = このブラウザー、またはこの接続では暗号の機能が使えません。https:// で始まるアドレスで、新しいブラウザーを使って開いてください。
claims-open-notice-say-no-notice = お知らせのファイル（notice.p7m）を選んでください。
claims-open-notice-say-no-key = 証明書のファイル（.p12）を選んでください。
claims-open-notice-say-too-long = ファイルが大きすぎます。別のファイルを選んでいないか確かめてください。
claims-open-notice-say-bad-notice = 「お知らせのファイル」に選んだものは、暗号化されたお知らせではありません。お知らせの画面で保存した notice.p7m を選んでください。
claims-open-notice-say-bad-key = 「証明書のファイル」に選んだものは、鍵の入った .p12 や PEM として読めません。この窓口でダウンロードした .p12 を選んでください。
claims-open-notice-say-wrong-password = 証明書のファイルが開けません。パスワードを確かめてください。証明書をダウンロードしたときに入力したもので、大文字と小文字を区別します。
claims-open-notice-say-other-certificate = このお知らせは、別の証明書宛てです。再発行のときに選んだ証明書のファイルを選んでください。
claims-open-notice-say-unsupported = このファイルの暗号の方式は、この画面では開けません。コマンド「warifu open-notice」をお試しください。
claims-open-notice-say-damaged = お知らせが開けません。ファイルが壊れているか、書き換えられています。お知らせの画面からもう一度保存してください。
claims-open-notice-help-lost = 証明書のファイルを失くしたとき
claims-open-notice-help-lost-text = お知らせは開けません。連合会へ電話でお申し出ください。新しいパスワードを郵送します。
claims-open-notice-help-command = ブラウザーを使わずに開きたいとき
claims-open-notice-help-command-text = コマンド「warifu open-notice notice.p7m --p12 証明書.p12」で開けます。
