## マニュアル

claims-manual = マニュアル
claims-manual-about = 電子証明書の窓口の使い方です。短い章に分かれているので、必要なところからお読みください。
claims-manual-title-applicant = 事業所・代理人のマニュアル
claims-manual-title-clerk = 連合会のマニュアル
claims-manual-title-operator = 運用のマニュアル
claims-manual-for-applicant = 事業所・代理人の方
claims-manual-for-clerk = 連合会の担当者・管理者
claims-manual-for-operator = サーバーを運用する方
claims-manual-about-applicant = 申請、ダウンロード、パソコンへの取り込み、更新、困ったとき。
claims-manual-about-clerk = 審査、入金、失効の依頼、事業所の管理、一括処理、相殺、記録。
claims-manual-about-operator = 設置、設定、見張り、バックアップ、障害のとき。
