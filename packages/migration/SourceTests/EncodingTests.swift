// The detection table, row by row, and texts of many languages in the encodings they come in.

import CIconv
import SourceFiles
import Testing

@Suite("Encodings")
struct EncodingTests {
  @Test(
    "are found out in the order of the table",
    arguments: [
      // A mark at the beginning.
      ([0xEF, 0xBB, 0xBF, 0x61, 0x0A, 0x62], "UTF-8", "a"),
      ([0xFF, 0xFE, 0x61, 0, 0x0A, 0, 0x62, 0], "UTF-16LE", "a"),
      ([0xFE, 0xFF, 0, 0x61, 0, 0x0A, 0, 0x62], "UTF-16BE", "a"),
      ([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0, 0x0A, 0, 0, 0], "UTF-32LE", "a"),
      ([0, 0, 0xFE, 0xFF, 0, 0, 0, 0x61], "UTF-32BE", "a"),
      // NULs at one parity.
      ([0x4D, 0, 0xFC, 0, 0x6C, 0], "UTF-16LE", "Mül"),
      ([0, 0x4D, 0, 0xFC, 0, 0x6C], "UTF-16BE", "Mül"),
      // UTF-8, and what is no UTF-8.
      ([0x4D, 0xC3, 0xBC, 0x6C], "UTF-8", "Mül"),
      ([0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72], "windows-1252", "Müller"),
      ([0x4D, 0x65, 0x79], "UTF-8", "Mey"),
    ] as [([UInt8], String, String)])
  func table(bytes: [UInt8], name: String, header: String) throws {
    let shape = try Reading(bytes).shape
    #expect(shape.encoding == name)
    #expect(shape.columns == [header])
  }

  @Test("take UTF-8 with a few broken bytes for damaged UTF-8, and with many for something else")
  func damaged() throws {
    let good = Array(repeating: "Größe;Müller;Straße\n", count: 60).joined()
    let shape = try Reading(Array(good.utf8) + [0xFF, 0x0A]).shape
    #expect(shape.encoding == "UTF-8")
    #expect(shape.findings.contains { $0.code == .damagedEncoding })
    let cut = try Reading(Array(good.utf8.dropLast(1)) + [0xC3]).shape
    #expect(cut.encoding == "UTF-8")
    let broken =
      Array("Größe\n".utf8)
      + Array(repeating: [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72, 0x0A] as [UInt8], count: 30).joined()
    #expect(try Reading(broken).shape.encoding == "windows-1252")
  }

  @Test("are told by the whole file, not by its beginning")
  func late() throws {
    let plain = String(repeating: "plain,text\n", count: 60_000)
    #expect(try Reading(Array(plain.utf8) + [0x4D, 0xFC, 0x6C, 0x2C, 0x78, 0x0A]).shape.encoding == "windows-1252")
    #expect(try Reading(Array((plain + "Mül,x\n").utf8)).shape.encoding == "UTF-8")
  }

  @Test("can be chosen, by usual names too")
  func chosen() throws {
    let bytes: [UInt8] = [0x61, 0x0A, 0xE0, 0xE1]
    #expect(try Reading(bytes, ReadingOptions(encoding: "cp1251")).cells == [["аб"]])
    #expect(try Reading(bytes, ReadingOptions(encoding: "Latin1")).cells == [["àá"]])
    #expect(TextEncoding.offered.allSatisfy { TextEncoding.named($0.name)?.name == $0.name })
  }

  @Test("offer a repair where a text was decoded twice")
  func mojibake() throws {
    let file = SourceFile(MemoryBytes(Array("name,town,note\nMüller,KÃ¶ln,x\nCanaryÃ©,DÃ¼ren,y\n".utf8)))
    let findings = try file.profile(try file.inspect()).findings.filter { $0.code == .mojibake }
    #expect(findings.map(\.column) == [0, 1] && findings.map(\.row) == [3, 2])
    #expect(!findings.contains { $0.text.contains("Canary") })
    #expect(Mojibake.repaired("MÃ¼ller â€“ KÃ¶ln") == "Müller – Köln")
    #expect(Mojibake.repaired("Müller") == nil)
    #expect(Mojibake.repaired("SÃO PAULO") == nil)
  }

  @Test(
    "are not offered a repair where the text is as it was meant",
    arguments: [
      "À côté de l’été", "« SANTÉ »", "SOCIÉTÉ GÉNÉRALE®", "CAFÉ®", "SANTÉ²", "Île-de-France", "SÃO PAULO",
      "IRMÃ\u{201D}",
      "\u{201C}IRMÃ\u{201D}", "AMANHÃ\u{A0}", "AMANHÃ»", "NÃO, MÃE!", "ROMÃ®", "ação", "Nhân viên", "Trần Đức Thắng",
      "châu Âu”",
      "Âu Cơ", "5 Å²", "10 Å", "Ångström", "BLÅ»", "Straße § 5", "Größe", "naïve", "Ñandú", "Þórður", "Ørsted", "3×½",
    ])
  func legitimate(text: String) throws {
    #expect(!Mojibake.isEvident(text), "\(Mojibake.repaired(text) ?? "")")
  }

  @Test(
    "are offered a repair where nothing else explains the text",
    arguments: [
      ("MÃ¼ller", "Müller"), ("RÃ©my", "Rémy"), ("Ã‰lan dâ€™Ã©tÃ©", "Élan d’été"), ("SÃ£o Paulo", "São Paulo"),
      ("ÃštÃ©", "Úté"), ("Nguyá»…n Ä\u{90}á»©c", "Nguyễn Đức"), ("ÅšlÄ…sk", "Śląsk"), ("20Â°C", "20°C"),
      ("â‚¬ 5", "€ 5"),
      ("â€œyesâ€\u{9D}", "“yes”"), ("ÐœÐ¾Ñ\u{81}ÐºÐ²Ð°", "Москва"),
    ])
  func evident(text: String, meant: String) throws {
    #expect(Mojibake.repaired(text) == meant && Mojibake.isEvident(text))
  }

  @Test(
    "read characters that lie across the edge of a window", arguments: ["UTF-8", "UTF-16LE", "SHIFT_JIS", "GB18030"])
  func edges(encoding: String) throws {
    // Three lengths of lines, so that the window's edge falls on each byte of a character.
    for pad in 0..<4 {
      let text =
        "列,値\n" + String(repeating: "x", count: pad) + ",日本語テキスト\n" + String(repeating: "漢字,仮名交じり文\n", count: 6000)
      let mark: [UInt8] = encoding == "UTF-16LE" ? [0xFF, 0xFE] : []
      let reading = try Reading(mark + (try #require(Encoder.bytes(text, encoding))))
      #expect(reading.rows.count == 6001)
      #expect(reading.rows.allSatisfy { $0.problems.isEmpty })
      #expect(reading.cells.last == ["漢字", "仮名交じり文"])
    }
  }

  @Test("of twelve kinds with five texts each are right, 58 times at least")
  func held() throws {
    var wrong: [String] = []
    var count = 0
    for (encoding, languages) in Texts.encodings {
      for text in languages.flatMap({ Texts.of($0) }).prefix(5) {
        let bytes = try #require(Encoder.bytes(text, encoding), "\(encoding)")
        #expect(bytes.count >= 200 || encoding == "GB18030" || encoding == "BIG5")
        count += 1
        let expected = text.split(separator: "\n").map { $0.split(separator: ";").map(String.init) }
        let reading = try Reading(bytes, ReadingOptions(headerRow: 1))
        if [reading.shape.columns] + reading.cells != expected {
          wrong.append("\(encoding) read as \(reading.shape.encoding ?? "")")
        }
      }
    }
    #expect(count >= 60)
    #expect(wrong.count * 30 <= count, "\(wrong)")
  }
}

/// Texts in other encodings than Swift's.
enum Encoder {
  static func bytes(_ text: String, _ encoding: String) -> [UInt8]? {
    guard let handle = iconv_open(encoding, "UTF-8"), Int(bitPattern: handle) != -1 else { return nil }
    defer { iconv_close(handle) }
    var input = text.utf8.map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: input.count * 4)
    var left = input.count
    var room = output.count
    let result = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        var from = source.baseAddress
        var into = target.baseAddress
        return iconv(handle, &from, &left, &into, &room)
      }
    }
    guard result != -1 else { return nil }
    return output.prefix(output.count - room).map { UInt8(bitPattern: $0) }
  }
}

/// What exports say in several languages.
enum Texts {
  static let encodings: [(String, [String])] = [
    ("UTF-8", ["de", "ja"]), ("UTF-16LE", ["de"]), ("UTF-16LE", ["ja"]), ("UTF-16BE", ["fr"]),
    ("CP1252", ["de", "fr"]), ("CP1250", ["pl"]),
    ("CP1250", ["cs"]), ("ISO-8859-2", ["pl"]), ("ISO-8859-2", ["hu"]), ("MAC-CENTRALEUROPE", ["cs"]),
    ("MACINTOSH", ["fr"]), ("ISO-8859-15", ["euro"]), ("CP1251", ["ru"]), ("KOI8-R", ["ru"]), ("ISO-8859-5", ["ru"]),
    ("CP1253", ["el"]), ("ISO-8859-7", ["el"]), ("CP1254", ["tr"]), ("SHIFT_JIS", ["ja"]), ("EUC-JP", ["ja"]),
    ("GB18030", ["zh"]), ("BIG5", ["zht"]), ("EUC-KR", ["ko"]),
  ]

  /// Five texts: a header, and three sentences beginning at another one each time.
  static func of(_ language: String) -> [String] {
    guard let lines = sentences[language] else { return [] }
    return (0..<5).map { start in
      let rows = (0..<3).map { "\($0 + 1);\(lines[1 + (start + $0) % (lines.count - 1)])" }
      return lines[0] + "\n" + rows.joined(separator: "\n") + "\n"
    }
  }

  private static let sentences: [String: [String]] = [
    "de": [
      "Vorgang;Text", "Der Geschäftsführer hat die Rechnungen für Büromöbel mehrfach geprüft, aber nicht freigegeben",
      "Überstunden wurden nicht vergütet, außerdem fühlt sich die Anruferin unter Druck gesetzt",
      "Jäger & Söhne, Königsallee 12: Lieferung verzögert sich voraussichtlich bis Anfang März",
      "Der Mitarbeiter berichtet über mögliche Bestechung. Er möchte anonym bleiben und fürchtet Nachteile",
      "Während der Schicht wurden Vorschriften nicht beachtet, dafür sei keine Zeit, erklärte die Aufsicht",
    ],
    "fr": [
      "Numéro;Résumé",
      "Le salarié a signalé que son supérieur hiérarchique aurait accepté des cadeaux à plusieurs reprises",
      "La réclamation concerne des dépenses non justifiées lors d'un déplacement à Genève l'été dernier",
      "La plaignante déclare être régulièrement insultée devant ses collègues sans que la direction n'intervienne",
      "L'acheteur possède des parts dans la société à laquelle le marché a été attribué en février",
      "Rattachée à l'équipe de contrôle intérieur, elle vérifie les écritures et prépare les procès-verbaux",
    ],
    "euro": [
      "Numéro;Résumé",
      "Le cœur du problème est que le trésorier a réglé 1 250 € sans vérifier l'œuvre commandée à l'été",
      "Déplacement à Orléans remboursé deux fois, soit 980 €, la sœur du gérant était bénéficiaire",
      "Une prime de 300 € aurait été versée à un employé dont la sœur dirige l'équipe d'à côté",
      "Le bœuf servi à la cantine était facturé 45 € le kilo à la société, d'après le plaignant",
      "Les œuvres sociales ont reçu 2 000 € prélevés sur le budget du département informatique",
    ],
    "pl": [
      "Numer;Treść",
      "Pracownik zgłosił, że kierownik działu zakupów przyjmował prezenty i nie ujawniał tego przełożonym",
      "Zgłaszająca czuje się prześladowana, ponieważ wcześniej złożyła skargę dotyczącą wynagrodzeń",
      "Faktury zostały wystawione dwukrotnie, a różnica trafiła na konto prywatne głównego księgowego",
      "Żona dyrektora prowadzi firmę, która świadczy usługi sprzątania w łódzkim oddziale spółki",
      "Kierownik zmiany odpowiada za bezpieczeństwo w hali numer trzy oraz za szkolenia nowych osób",
    ],
    "cs": [
      "Číslo;Popis", "Zaměstnanec oznámil, že vedoucí oddělení nákupu přijímal dárky od dodavatelů a nikomu to neřekl",
      "Stěžovatelka uvádí, že byla po podání stížnosti přeřazena na horší směnu bez vysvětlení",
      "Manželka ředitele vlastní společnost, která získala zakázku na úklid kanceláří v Plzni",
      "Účetní doklady byly dodatečně upraveny tak, aby odpovídaly rozpočtu schválenému v září",
      "Nadřízený požadoval, aby zkoušky bezpečnosti proběhly jen na papíře, protože chyběl čas",
    ],
    "hu": [
      "Szám;Leírás", "A munkavállaló bejelentette, hogy a beszerzési vezető ajándékokat fogadott el a beszállítóktól",
      "A bejelentő szerint a túlórákat nem fizették ki, és fenyegetőznek vele, ha szólni merészel",
      "A számlákat kétszer állították ki, a különbözet pedig a főkönyvelő magánszámlájára került",
      "Az igazgató felesége annak a cégnek a tulajdonosa, amely az irodák takarítását végzi Győrben",
      "A műszakvezető felelős a biztonságért, mégis engedélyezte, hogy védőfelszerelés nélkül dolgozzanak",
    ],
    "ru": [
      "Номер;Описание", "Сотрудник сообщил, что начальник отдела закупок принимал подарки от поставщиков",
      "Заявительница опасается преследования после жалобы на условия труда в ночную смену",
      "Счета были выставлены дважды, а разница переведена на личный счёт главного бухгалтера",
      "Супруга директора владеет фирмой, которая убирает офисы и получает за это слишком много",
      "Служба безопасности отвечает за обучение персонала, но занятия проводились только на бумаге",
    ],
    "el": [
      "Αριθμός;Περιγραφή", "Ο υπάλληλος ανέφερε ότι ο προϊστάμενος του τμήματος προμηθειών δεχόταν δώρα",
      "Η καταγγέλλουσα φοβάται αντίποινα μετά την καταγγελία της για τις συνθήκες εργασίας",
      "Τα τιμολόγια εκδόθηκαν δύο φορές και η διαφορά μεταφέρθηκε σε προσωπικό λογαριασμό",
      "Η σύζυγος του διευθυντή κατέχει την εταιρεία που καθαρίζει τα γραφεία στη Θεσσαλονίκη",
      "Ο υπεύθυνος βάρδιας επέτρεψε να εργαστούν χωρίς προστατευτικό εξοπλισμό την περασμένη εβδομάδα",
    ],
    "tr": [
      "Numara;Açıklama", "Çalışan, satın alma müdürünün tedarikçilerden hediye aldığını ve bunu bildirmediğini söyledi",
      "Şikâyetçi, başka bir vardiyaya geçirildiğini ve işten çıkarılmakla tehdit edildiğini belirtiyor",
      "Faturalar iki kez düzenlendi ve aradaki fark muhasebecinin özel hesabına geçirildi",
      "Müdürün eşi, İzmir'deki ofisleri temizleyen şirketin sahibi olduğu için sözleşme inceleniyor",
      "Vardiya amiri, koruyucu donanım olmadan çalışılmasına geçen hafta iki gün boyunca göz yumdu",
    ],
    "ja": [
      "番号;説明", "購買部の部長が取引先から贈り物を受け取っていたと従業員が報告しました。", "申立人は苦情を申し立てた後、不利益な扱いを受けていると述べています。",
      "部長の配偶者が経営する会社が清掃業務を受注していることが判明したため、契約を見直しています。",
      "請求書が二重に発行され、差額が個人口座に振り込まれていました。確認をお願いします。", "安全研修は書類の上だけで行われ、実際には誰も参加していなかったようです。",
    ],
    "zh": [
      "编号;说明", "一名员工报告说，采购部经理收受了供应商的礼物，并且没有告知上级领导。", "投诉人表示，自从提出投诉以后，她被调到了更差的班次，而且没有得到任何解释。",
      "经理的配偶拥有一家公司，该公司获得了办公室清洁服务的合同，需要重新审查。", "发票被重复开具，差额被转入会计的个人账户，请尽快核实并提交报告。",
      "安全培训只是在纸面上进行，实际上没有任何人参加，这违反了公司的规定。",
    ],
    "zht": [
      "編號;說明", "一名員工報告說，採購部經理收受了供應商的禮物，並且沒有告知上級主管。", "投訴人表示，自從提出投訴以後，她被調到了更差的班次，而且沒有得到任何解釋。",
      "經理的配偶擁有一家公司，該公司獲得了辦公室清潔服務的合約，需要重新審查。", "發票被重複開立，差額被轉入會計的個人帳戶，請儘快核實並提交報告。",
      "安全訓練只是在紙面上進行，實際上沒有任何人參加，這違反了公司的規定。",
    ],
    "ko": [
      "번호;설명", "구매부장이 거래처로부터 선물을 받고 이를 상사에게 알리지 않았다고 직원이 신고했습니다.",
      "신고인은 불만을 제기한 뒤 더 나쁜 근무조로 옮겨졌으며 아무런 설명도 듣지 못했다고 말합니다.",
      "부장의 배우자가 소유한 회사가 사무실 청소 계약을 따낸 사실이 확인되어 재검토 중입니다.",
      "청구서가 두 번 발행되었고 차액은 개인 계좌로 이체되었습니다. 확인 부탁드립니다.", "안전 교육은 서류상으로만 이루어졌고 실제로는 아무도 참석하지 않았습니다.",
    ],
  ]
}
