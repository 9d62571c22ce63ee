# ログインとセッション

gate-sign-in = ログイン
gate-login = ID
gate-login-hint = お手元の通知書に書かれています。大文字と小文字を区別します。
gate-password = パスワード
gate-sign-in-button = ログインする
gate-to-staff = 職員の方のログイン
gate-to-applicants = 申請者の方のログイン
gate-help-forgot = ID またはパスワードが分からない
gate-help-forgot-text = お手元の通知書をご確認ください。見つからない場合は、申請先の窓口にお問い合わせください。
gate-help-locked = 正しく入力してもログインできない
gate-help-locked-text = 3回続けて間違えると、その ID では30分間ログインできません。30分待ってから、もう一度お試しください。

gate-staff-sign-in = 職員のログイン
gate-passkey = パスキー
gate-passkey-text = 登録した端末またはセキュリティキーでログインします。ID の入力は要りません。
gate-passkey-sign-in = パスキーでログインする
gate-passkey-make = パスキーを登録する
gate-passkey-failed = パスキーを確認できませんでした。もう一度お試しください。
gate-passkey-unable = このブラウザーではパスキーを使えません。別のブラウザーかクライアント証明書をお使いください。
gate-passkey-no-script = パスキーを使うには、ブラウザーの JavaScript を有効にしてください。
gate-certificate = クライアント証明書
gate-certificate-text = この接続で提示された証明書でログインします。
gate-certificate-sign-in = 証明書でログインする
gate-certificate-none = この接続では証明書が提示されていません。証明書をお使いの場合は、ブラウザーを開き直して証明書を選んでください。
gate-help-enrol = はじめて使う
gate-help-enrol-text = 管理者から受け取った登録用リンクを開いて、パスキーまたはクライアント証明書を登録してください。
gate-help-lost = 端末や証明書をなくした
gate-help-lost-text = すぐに管理者へ連絡してください。登録を取り消し、新しい登録用リンクを発行します。

gate-enrol = ログインの準備
gate-enrol-text = これからのログインに使うものを1つ登録します。このリンクは1回だけ使えます。
gate-name = 氏名
gate-login-name = 登録名
gate-enrol-passkey-text = 端末の画面ロック（指紋、顔、暗証番号）でログインできるようになります。おすすめの方法です。
gate-enrol-certificate = この証明書を登録する
gate-enrol-certificate-text = この接続で提示された証明書を、ログインに使う証明書として登録します。
gate-enrol-certificate-none = 証明書を登録する場合は、ブラウザーを開き直して証明書を選び、このリンクをもう一度開いてください。
gate-enrolled = 登録の完了
gate-enrolled-now = 登録しました。
gate-enrolled-text = 登録用リンクは使い終わりました。これからは登録したものでログインできます。
gate-enrolled-next = ログインへ進む

gate-enter = リンクによるログイン
gate-enter-text = { $name } としてログインします。このリンクは1回だけ使えます。
gate-enter-button = ログインする

gate-ended = セッション無効
gate-ended-now = ログインの有効時間が終わりました。
gate-ended-idle = しばらく操作がなかったか、ログインしてから長い時間がたったため、自動的にログアウトしました。続けるには、もう一度ログインしてください。
gate-ended-deleted = この画面ではログインしていません。ログアウトしたか、ブラウザーの Cookie が削除されています。続けるには、ログインしてください。
gate-ended-again = もう一度ログインする
gate-help-ended = なぜログアウトしたのですか
gate-help-ended-text = 席を離れている間にほかの人に使われないように、操作がないまま20分ほどたつとログアウトします。
gate-kept = 入力内容はこの画面に残っています。
gate-kept-text = まだ送信されていません。同じ ID でログインすると、続きから送信できます。この画面を閉じないでください。パスワードは残りません。
gate-lost = 入力内容は送信されていません。
gate-kept-file = 選んだファイルは残っていません。送信した後の画面で、もう一度選んでください。
gate-lost-text = 内容が大きすぎるか、読み取れないため、この画面に残せませんでした。ログインしてから、もう一度入力してください。
gate-resume = 入力した内容に戻る
gate-resume-text = パスキーでログインすると自動で進みます。進まないときだけ押してください。

gate-again-title = 入力内容の送信
gate-again = もう一度ログインしました。
gate-again-text = 入力した内容は残っています。
gate-again-file = 入力した文字は残っています。選んだファイルは残っていないので、次の画面でもう一度選んでください。
gate-again-check = まだ送信されていません。下のボタンを押すと、入力した内容を送信して続きへ進みます。
gate-again-button = 入力した内容を送信する

gate-signed-out = ログアウト
gate-signed-out-now = ログアウトしました。
gate-signed-out-text = 共用の端末では、ブラウザーの画面も閉じてください。
gate-sign-in-again = もう一度ログインする
