## 証明書の終わり（期限のお知らせ、更新、削除）

claims-end-expiring = 期限の近い証明書
claims-end-expiring-about = 有効期限が近く、まだ更新されていない証明書です。期限の早い順に並んでいます。
claims-end-within = { $n }日以内
claims-end-last = 有効期限
claims-end-left = あと{ $n }日
claims-end-told = お知らせ
claims-end-not-told = まだ送っていません
claims-end-none = { $n }日以内に期限を迎える証明書はありません。
claims-end-month = 期限の月
claims-end-count = 証明書の数
claims-end-letters = 有効期限のお知らせ（封書用）
claims-end-letters-of = お知らせの印刷
claims-end-letters-none = 印刷するお知らせはありません。
claims-end-print = PDFで開く
claims-end-print-part = PDFで開く（{ $n }/{ $of }）
claims-end-year-month = { $year }年{ $month }月
claims-end-csv-last = 有効期限（日本時間）
claims-end-csv-told = お知らせを送った日時（日本時間）
claims-end-help-told = お知らせはいつ送られますか
claims-end-help-told-text = 期限の { $days } 日前になった証明書の持ち主に、毎朝6時に、お知らせとメールを1回ずつ送ります。システムが止まっていた日の分は、次の朝に送ります。
claims-end-help-renewed = 更新した証明書はここに出ますか
claims-end-help-renewed-text = 新しい証明書が発行されると、古い証明書はこの一覧から消え、お知らせも送られません。失効依頼中、失効待ち、失効済みの証明書も出ません。

## 更新
claims-renew = 更新を申請する
claims-renew-valid = いまの証明書は、期限までそのまま使えます。
claims-renew-over = 期限が過ぎています。新しい証明書の発行を申請します。
claims-renewal-see = 更新の申請を見る
claims-renews = 更新する証明書
claims-end-renews = 更新する証明書
claims-end-renewal = 更新の申請
claims-end-not-renewed = ありません
