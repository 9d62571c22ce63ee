"""The sheet of `warifu-bench papers` by WeasyPrint: the same texts in the same font, as PDF/A, in one process.

Arguments: the folder of the fonts, seconds. Prints one line of JSON."""

import json
import sys
import time

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

fonts, seconds = sys.argv[1], float(sys.argv[2])

STYLE = """
@font-face { font-family: UD; src: url(file://FONTS/BIZUDPGothic-Regular.ttf) }
@font-face { font-family: UD; font-weight: bold; src: url(file://FONTS/BIZUDPGothic-Bold.ttf) }
@page { size: A4; margin: 20mm; @bottom-center { content: counter(page) " / " counter(pages); font: 9pt UD } }
body { font: 10.5pt UD } h1 { font-size: 16pt; text-align: center } .right { text-align: right }
td, th { border: 0.5pt solid #555; padding: 2mm; text-align: left } table { border-collapse: collapse; width: 100% }
""".replace("FONTS", fonts)

SHEET = """<!doctype html>
<html lang="ja"><head><title>電子証明書 発行申請 受付票</title></head><body>
<p class="right">{case}<br>2026年11月20日（令和8年） 14時05分</p>
<p>〒1000001<br>東京都千代田区千代田1番1号<br>さくら介護センター 御中</p>
<p class="right">東京都国民健康保険団体連合会<br>東京都千代田区飯田橋3丁目5番1号</p>
<h1>電子証明書 発行申請 受付票</h1>
<p>電子証明書の発行申請を、下記のとおり受け付けました。</p>
<table>{rows}</table>
<p>進み具合は「証明書」画面でご確認いただけます。発行されましたら、お知らせとメールでご連絡します。</p>
</body></html>"""


def sheet(number):
    case = f"C-2026-{number:07d}-5"
    rows = {
        "受付番号": case,
        "事業所番号": f"137{number:07d}",
        "事業所名": "さくら介護センター",
        "申請日時": "2026年11月20日（令和8年） 14時05分",
        "発行手数料": "13,200円（請求代金と相殺）",
        "有効期間": "3年",
        "鍵の作り方": "サービスで作成（PKCS#12 でダウンロード）",
        "お知らせ先": f"office{number}@example.jp",
        "同意文": "第2026-1",
    }
    rows = "".join(f"<tr><th>{name}<td>{value}" for name, value in rows.items())
    return SHEET.format(case=case, rows=rows)


# What can be kept from one sheet to the next is kept: fonts and style.
config = FontConfiguration()
style = CSS(string=STYLE, font_config=config)


def printed(number):
    begun = time.perf_counter()
    pdf = HTML(string=sheet(number)).write_pdf(stylesheets=[style], font_config=config, variant="pdf/a-2b")
    return time.perf_counter() - begun, pdf


first, pdf = printed(0)
took, until, begun = [], time.perf_counter() + seconds, time.perf_counter()
while time.perf_counter() < until:
    took.append(printed(len(took) + 1)[0])
print(json.dumps({"first": first, "octets": len(pdf), "seconds": time.perf_counter() - begun, "took": took}))
if len(sys.argv) > 3:
    with open(sys.argv[3], "wb") as out:
        out.write(pdf)
