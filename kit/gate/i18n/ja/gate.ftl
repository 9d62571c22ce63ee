# サインインとセッション

gate-sign-in = サインイン
gate-login = ID
gate-login-hint = 大文字と小文字を区別します。
gate-password = パスワード
gate-sign-in-button = サインインする
gate-to-staff = 職員の方のサインイン
gate-to-applicants = 申請者の方のサインイン
gate-help-forgot = ID またはパスワードが分からない
gate-help-forgot-text = お手元の通知書をご確認ください。見つからない場合は、申請先の窓口にお問い合わせください。
gate-help-locked = 正しく入力してもサインインできない
gate-help-locked-text = 3回続けて間違えると、その ID では30分間サインインできません。30分待ってから、もう一度お試しください。

gate-staff-sign-in = 職員のサインイン
gate-passkey = パスキー
gate-passkey-text = 登録した端末またはセキュリティキーでサインインします。ID の入力は要りません。
gate-passkey-sign-in = パスキーでサインインする
gate-passkey-make = パスキーを登録する
gate-passkey-failed = パスキーを確認できませんでした。もう一度お試しください。
gate-passkey-unable = このブラウザーではパスキーを使えません。別のブラウザーかクライアント証明書をお使いください。
gate-passkey-no-script = パスキーを使うには、ブラウザーの JavaScript を有効にしてください。
gate-certificate = クライアント証明書
gate-certificate-text = この接続で提示された証明書でサインインします。
gate-certificate-sign-in = 証明書でサインインする
gate-certificate-none = この接続では証明書が提示されていません。証明書をお使いの場合は、ブラウザーを開き直して証明書を選んでください。
gate-help-enrol = はじめて使う
gate-help-enrol-text = 管理者から受け取った登録用リンクを開いて、パスキーまたはクライアント証明書を登録してください。
gate-help-lost = 端末や証明書をなくした
gate-help-lost-text = すぐに管理者へ連絡してください。登録を取り消し、新しい登録用リンクを発行します。

gate-enrol = サインインの準備
gate-enrol-text = これからのサインインに使うものを1つ登録します。このリンクは1回だけ使えます。
gate-name = 氏名
gate-login-name = 登録名
gate-enrol-passkey-text = 端末の画面ロック（指紋、顔、暗証番号）でサインインできるようになります。おすすめの方法です。
gate-enrol-certificate = この証明書を登録する
gate-enrol-certificate-text = この接続で提示された証明書を、サインインに使う証明書として登録します。
gate-enrol-certificate-none = 証明書を登録する場合は、ブラウザーを開き直して証明書を選び、このリンクをもう一度開いてください。
gate-enrolled = 登録の完了
gate-enrolled-now = 登録しました。
gate-enrolled-text = 登録用リンクは使い終わりました。これからは登録したものでサインインできます。
gate-enrolled-next = サインインへ進む

gate-enter = リンクによるサインイン
gate-enter-text = { $name } としてサインインします。このリンクは1回だけ使えます。
gate-enter-button = サインインする

gate-ended = セッション無効
gate-ended-now = サインインの有効時間が終わりました。
gate-ended-idle = しばらく操作がなかったか、サインインしてから長い時間がたったため、自動的にサインアウトしました。続けるには、もう一度サインインしてください。
gate-ended-deleted = この画面ではサインインしていません。サインアウトしたか、ブラウザーの Cookie が削除されています。続けるには、サインインしてください。
gate-ended-again = もう一度サインインする
gate-help-ended = なぜサインアウトしたのですか
gate-help-ended-text = 席を離れている間にほかの人に使われないように、操作がないまま20分ほどたつとサインアウトします。
gate-kept = 入力内容はこの画面に残っています。
gate-kept-text = まだ送信されていません。同じ ID でサインインすると、続きから送信できます。この画面を閉じないでください。パスワードは残りません。
gate-lost = 入力内容は送信されていません。
gate-lost-text = ファイルを含むか、内容が長いため、この画面に残せませんでした。サインインしてから、もう一度入力してください。
gate-resume = 入力した内容に戻る
gate-resume-text = パスキーでサインインすると自動で進みます。進まないときだけ押してください。

gate-again-title = 入力内容の送信
gate-again = もう一度サインインしました。
gate-again-text = 入力した内容は残っています。
gate-again-check = まだ送信されていません。下のボタンを押すと、入力した内容を送信して続きへ進みます。
gate-again-button = 入力した内容を送信する

gate-signed-out = サインアウト
gate-signed-out-now = サインアウトしました。
gate-signed-out-text = 共用の端末では、ブラウザーの画面も閉じてください。
gate-sign-in-again = もう一度サインインする
