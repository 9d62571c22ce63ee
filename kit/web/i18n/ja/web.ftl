## 枠

web-skip = 本文へ移動
web-title-error = エラー：
web-incident = 障害・重要なお知らせ
web-incident-since = { $time }から
web-other-language = English
web-ends = ログアウトまで{ $minutes }分（{ $time }）
web-minutes-left-js = あと{"{"}n{"}"}分で自動的にログアウトします
web-session-over = ログインの有効時間が過ぎました。入力中の内容は、もう一度ログインすると送信できます。
web-sign-out = ログアウト
web-menu = 窓口のメニュー
web-crumbs = 現在位置
web-help = こんなときは
web-help-more = 詳しく見る
web-manual = マニュアルを見る
web-manual-contents = 目次
web-about = ：{ $what }
web-made = この画面は{ $time }に表示しました
web-home = 最初のページへ

## 調子

web-tone-neutral = 補足
web-tone-info = お知らせ
web-tone-success = 完了
web-tone-attention = 注意
web-tone-danger = 重要

## 入力

web-required = 必須
web-optional = 任意
web-example = 例：{ $example }
web-error-word = エラー
web-choose = 選んでください
web-era = 暦
web-era-ad = 西暦
web-date-year = 年
web-date-month = 月
web-date-day = 日
web-errors = 入力内容に{ $count }件の誤りがあります。直してから、もう一度お進みください。
web-errors-refused = 受け付けられませんでした。
web-change = 変更する
web-nothing-typed = 入力なし
web-back-to-input = 入力に戻る
web-steps = 手続の段階（{ $of }段階のうち{ $at }番目）
web-step-input = 入力
web-step-check = 確認
web-step-finish = 完了
web-step-now = 現在の段階
web-step-done = 済み

web-err-missing = 「{ $label }」を入力してください。
web-err-long = 「{ $label }」は{ $max }文字以内で入力してください。
web-err-one-line = 「{ $label }」は改行や特別な文字を入れずに、1行で入力してください。
web-err-control = 「{ $label }」に使えない文字が入っています。文字を入力し直してください。
web-err-email = 「{ $label }」は「name@example.jp」のような形で入力してください。
web-err-phone = 「{ $label }」は0から始まる10桁か11桁の番号で入力してください。
web-err-digits = 「{ $label }」は{ $count }桁の数字で入力してください。
web-err-number = 「{ $label }」は{ $from }から{ $to }までの数字で入力してください。
web-err-kana = 「{ $label }」はカタカナで入力してください。
web-err-date = 「{ $label }」は、ある日付を年・月・日の数字で入力してください。
web-err-choice = 「{ $label }」を選んでください。
web-err-agree = 先へ進むには「{ $label }」にチェックを入れてください。

## 状況

web-status = 現在の状況
web-next = 次に行われること
web-next-who = 行う人
web-next-when = 時期
web-next-deadline = 期限
web-next-until = { $time }まで
web-can-do = 今できること
web-history = これまでの経過
web-ledger = 台帳の記録

## 危険な操作

web-undo-never = この操作は取り消せません。
web-undo-until = { $time }までは取り消せます。
web-undo-while = { $what }は取り消せます。

## 一覧

web-search = 検索
web-search-clear = 検索を解除
web-filters = 絞り込み
web-pick = 選択
web-picked-none = 選択していません
web-picked-js = {"{"}n{"}"}件を選択しています
web-pages = ページ送り
web-page = ページ
web-pager = 全{ $total }件のうち{ $from }〜{ $to }件を表示
web-previous = 前へ
web-next-page = 次へ
web-no-notices = お知らせはありません。手続に動きがあると、ここに表示されます。
web-unread = 未読
web-back = 戻る

## 符号

web-copy = コピーする
web-copied = コピーしました
web-aloud = 電話で読み上げるとき

## 進み具合

web-progress = { $total }件のうち{ $done }件が終わりました
web-progress-rate = 1分に{ $rate }件
web-progress-left = 残り約{ $minutes }分
web-progress-leave = このページを閉じても処理は続きます。終わるとお知らせします。
web-progress-again = 最新の状況を見る
web-progress-failed = { $count }件が失敗しています。
web-progress-list = 失敗した一覧を見る

## 電子証明書

web-cert-days = 残り{ $days }日
web-cert-today = 今日まで有効
web-cert-over = 有効期間が過ぎています
web-cert-bar = 有効期間のうち、{ $left }
web-cert-details = 電子証明書の詳しい内容

## 応じられないとき

web-refusal-malformed = 内容を読み取れませんでした
web-refusal-unauthenticated = ログインが必要です
web-refusal-forbidden = この画面は開けません
web-refusal-not-found = ページが見つかりません
web-refusal-conflict = ほかの操作が先に行われました
web-refusal-too-large = 送られた内容が大きすぎます
web-refusal-refused = 受け付けられませんでした
web-refusal-too-many = しばらく待ってからお試しください
web-refusal-unavailable = ただいま利用できません
web-refusal-internal = こちらの不具合で完了できませんでした
web-code = お問い合わせの際は、この符号をお知らせください：{ $code }

## 見本帳

web-gallery = 画面の見本
web-gallery-about = すべての画面と部品を、見本のデータで表示します。
web-gallery-part = 部分
web-gallery-name = 画面
web-gallery-empty = 見本はまだありません。

## 見本の画面で使う言葉

web-sample-number = 事業所番号
web-sample-mail = 電子メールアドレス
web-sample-date = 利用を始めたい日
web-sample-way = 受け取り方
web-sample-agree = 手数料の相殺に同意します
