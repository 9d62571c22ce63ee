# 窓口 newdesk の文言。

newdesk-home = 手続きのご案内
newdesk-about = 申請は、受け付けた順に担当者が確認します。いまの状況と、次に誰が何をできるかは次のとおりです。
newdesk-path = 状況と、次にできること
newdesk-status = 状況
newdesk-meaning = 意味
newdesk-next = 次にできること
newdesk-nothing = 手続きは終わりました
newdesk-step = { $what }（{ $who }）

newdesk-meaning-received = 申請を受け付けました。担当者の確認を待っています。
newdesk-meaning-accepted = 申請は認められました。
newdesk-meaning-declined = 申請は認められませんでした。理由は申請の画面にあります。
newdesk-meaning-withdrawn = 申請者が取り下げました。
