## 状況の意味

claims-meaning-applied = 発行の申請を受け付けました。連合会が内容を確認しています。
claims-meaning-awaiting-payment = 発行の申請を受け付けました。手数料の入金を待っています。
claims-meaning-issue-requested = 連合会が申請を確認し、発行を依頼する準備ができました。
claims-meaning-awaiting-issue = 認証局に発行を依頼しました。
claims-meaning-issued = 証明書が発行されました。
claims-meaning-revocation-requested = 失効の依頼を受け付けました。証明書はまだ有効です。
claims-meaning-awaiting-revocation = 認証局に失効を依頼しました。
claims-meaning-revoked = 証明書は失効しました。もう使えません。
claims-meaning-rejecting = 申請を却下することになりました。まもなくお知らせします。
claims-meaning-rejected = 申請は却下されました。手数料はかかりません。

## 次に起こること（事業所に見せる文、連合会に見せる文、行う人）

claims-next-applied-provider = 連合会が申請の内容を確認します。お待ちください。
claims-next-applied-desk = 内容を確認し、発行依頼を登録するか却下してください。
claims-next-applied-who = 連合会の担当者
claims-next-awaiting-payment-provider = 請求書に記載の口座へ、手数料を振り込んでください。振込人名には代理人IDを付けてください。
claims-next-awaiting-payment-desk = 代理人の振込を確かめ、入金を登録してください。
claims-next-awaiting-payment-who = 代理人
claims-next-issue-requested-provider = 認証局へ発行を依頼します。
claims-next-issue-requested-desk = 認証局へ自動で連携します。それまでは管理者が取り消せます。
claims-next-issue-requested-who = システム
claims-next-awaiting-issue-provider = 証明書ができるのを待っています。ふつうは数分で終わり、メールでお知らせします。
claims-next-awaiting-issue-desk = 認証局から証明書が届くと、自動で登録します。
claims-next-awaiting-issue-who = 認証局
claims-next-issued-fetch-provider = 証明書発行用パスワードを入力して、ダウンロードしてください。
claims-next-issued-fetch-desk = 申請者がダウンロードします。期限を過ぎると秘密鍵を消去します。
claims-next-issued-fetch-who = 申請者
claims-next-issued-confirm-provider = 請求に使うパソコンに取り込めたら、「取り込みました」を押してください。保管中の秘密鍵を消去します。
claims-next-issued-confirm-desk = 申請者が取り込みを確かめると、秘密鍵を消去します。期限を過ぎると自動で消去します。
claims-next-issued-confirm-who = 申請者
claims-next-issued-own-provider = 証明書をダウンロードし、秘密鍵のあるパソコンに取り込んでください。
claims-next-issued-own-desk = 申請者が証明書をダウンロードします。
claims-next-issued-own-who = 申請者
claims-next-revocation-requested-provider = 認証局へ失効を依頼します。
claims-next-revocation-requested-desk = 認証局へ自動で連携します。それまでは管理者が取り消せます。
claims-next-revocation-requested-who = システム
claims-next-awaiting-revocation-provider = 失効リストに載ると、証明書は使えなくなります。
claims-next-awaiting-revocation-desk = この証明書が載った失効リストが届くと、自動で登録します。
claims-next-awaiting-revocation-who = 認証局
claims-next-rejecting-provider = 理由をお知らせでお伝えします。
claims-next-rejecting-desk = 申請者へ自動で知らせます。それまでは管理者が取り消せます。
claims-next-rejecting-who = システム
claims-next-issued-lost-provider = この証明書は使えません。新しく発行を申請してください。
claims-next-issued-lost-desk = ダウンロードされないまま秘密鍵が消去されました。使うには、申請者が新しく申請します。
claims-next-issued-lost-who = 申請者
claims-next-issued-done-provider = 手続はすべて終わりました。有効期間が終わるまで、請求に使えます。
claims-next-issued-done-desk = 手続はすべて終わりました。有効期間が終わるまで、請求に使われます。
claims-next-issued-over-provider = 有効期間が終わりました。続けて請求するには、新しく発行を申請してください。
claims-next-issued-over-desk = 有効期間が終わりました。続けて請求するには、申請者が新しく申請します。
claims-next-issued-over-who = 申請者
claims-next-about = { $time }ごろ
claims-pay-by = { $day }まで
