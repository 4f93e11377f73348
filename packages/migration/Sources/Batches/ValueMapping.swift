// What the words of a source become here, for fields that take only certain words.

import FoundationEssentials
package import Mapping
import Normalization

/// What one value of a source becomes.
package struct ValueMapping: Sendable, Hashable {
  package let target: String
  /// The source's word; what stands below a category there is named with it.
  package let value: String
  package let act: Act

  /// What becomes of a value.
  package enum Act: Sendable, Hashable {
    /// A word of ours; of a case's status also its stage and outcome: `closed/closed/substantiated`.
    case value(String)
    /// A category of that name, made with the first record that has it.
    case newCategory(String)
    /// Nothing, as if the cell were empty; what stands below a category stays with the record as its own word.
    case empty
    /// The row does not come over.
    case reject

    /// The name of the category that is to be made.
    package var newCategory: String? {
      if case .newCategory(let name) = self { name } else { nil }
    }
  }

  package init(target: String, value: String, act: Act) {
    self.target = target
    self.value = value
    self.act = act
  }

  /// The most different values of a field that are decided one by one.
  package static let limit = 10_000
  /// The longest value that is decided, in characters as the database counts them.
  package static let valueLimit = 500

  /// A value as what is decided about it is kept: cut where it is too long.
  static func key(of value: String) -> String {
    guard value.utf8.count > valueLimit else { return value }
    return String(String.UnicodeScalarView(value.unicodeScalars.prefix(valueLimit)))
  }
}

/// A value of the source with how often it stands there, and what it becomes if that is settled.
package struct ValueChoice: Sendable, Hashable {
  package let target: String
  package let value: String
  package let count: Int
  package let act: ValueMapping.Act?
  /// What it could become, where nobody has decided: for somebody to look at.
  package let suggested: ValueMapping.Act?
  /// What it stands below; `nil` for what stands for itself.
  package var above: Above?
  /// Whether it becomes what it became in the last batch of the same system.
  package var isAsLastTime = false

  /// The category of the source that a value stands below there.
  package struct Above: Sendable, Hashable {
    /// As the source says it; empty where all records get one category.
    package let source: String
    /// What that becomes here, as people read it; `nil` while nobody has decided.
    package let becomes: String?
    /// Whether a further category can stand below what it becomes.
    package let takesMore: Bool
  }

  /// As what is decided about it is kept.
  package var key: String {
    above.map { SourceCategory(category: $0.source, below: value).key } ?? value
  }

  /// The value with what it stands below.
  package var title: String {
    [above.map { $0.source.isEmpty ? $0.becomes ?? "" : $0.source } ?? "", value].filter { !$0.isEmpty }
      .joined(separator: " › ")
  }

  /// Whether a category can be made of it.
  package var mayBeNew: Bool { above?.takesMore ?? true }

  /// What its control begins with.
  package var shown: ValueMapping.Act? { act ?? suggested }
}

/// The ways in which a source's word can be one of ours.
package enum ValueWords {
  /// Lower case, without marks, words joined by one underscore.
  static func fold(_ text: String) -> String {
    text.folded.split { !$0.isLetter && !$0.isNumber }.joined(separator: "_")
  }

  /// By known name: our words, of which an entity has one.
  private static func table(_ rows: KeyValuePairs<String, String>) -> [String: [String]] {
    var table: [String: [String]] = [:]
    for (word, names) in rows {
      for name in names.split(separator: ",") { table[fold(String(name)), default: []].append(word) }
    }
    return table
  }

  private static let synonyms: [String: [String: [String]]] = [
    "status": table([
      // Of cases, with stage and outcome; of others alone.
      "new/new": "new,open new,unassigned,submitted,received,neu,eingegangen,nouveau,nuevo,recibido,novo,nuovo",
      "open/active":
        "open,in progress,active,being processed,under investigation,investigating,in bearbeitung,offen,en cours,"
        + "ouvert,"
        + "en curso,abierto,em andamento,aberto,in corso,aperto",
      "open/assigned": "assigned,triage,zugewiesen,asignado,assigné",
      "open/review": "in review,under review,pending review,in prüfung,en revision,em revisão",
      "closed/closed":
        "closed,resolved,completed,geschlossen,abgeschlossen,fermé,clos,cerrado,fechado,encerrado,chiuso",
      "closed/closed/substantiated":
        "closed substantiated,substantiated,closed founded,founded,confirmed,bestätigt,begründet,fondé,fundado",
      "closed/closed/unsubstantiated":
        "closed unsubstantiated,unsubstantiated,closed unfounded,unfounded,unbegründet,non fondé,infundado",
      "closed/closed/inconclusive":
        "closed inconclusive,inconclusive,closed insufficient information,nicht nachweisbar",
      "closed/archived": "archived,archiviert,archivé,archivado,arquivado",
      "draft": "draft,entwurf,brouillon,borrador,rascunho,bozza",
      "pending_approval": "pending approval,awaiting approval,in approval,zur freigabe,en attente d'approbation",
      "approved": "approved,genehmigt,freigegeben,approuvé,aprobado,aprovado,approvato",
      "published":
        "published,active policy,in force,effective,veröffentlicht,gültig,publié,publicado,vigente,pubblicato",
      "retired": "retired,obsolete,superseded,expired policy,außer kraft,retiré,retirado,obsoleto,ritirato",
      "pending": "pending,not started,outstanding,assigned,ausstehend,en attente,pendiente,pendente,in attesa",
      "notified": "notified,sent,invited,benachrichtigt,notifié,notificado",
      "in_progress": "in progress,started,opened,begonnen,en cours,en progreso",
      "completed": "completed,complete,attested,signed,acknowledged,done,abgeschlossen,bestätigt,terminé,completado",
      "overdue": "overdue,late,past due,überfällig,en retard,vencido,atrasado,scaduto",
      "skipped": "skipped,exempt,waived,not required,befreit,exempté,exento",
      "expired": "expired,lapsed,abgelaufen,expiré,caducado",
      "submitted": "submitted,new,filed,eingereicht,soumis,enviado",
      "under_review": "under review,in review,pending,open,in prüfung,en cours d'examen,en revisión",
      "rejected": "rejected,denied,declined,not approved,abgelehnt,refusé,rechazado",
      "conditions": "approved with conditions,conditional,conditionally approved,mit auflagen,sous conditions",
    ]),
    "severity": table([
      "high": "high,critical,severe,urgent,major,1,hoch,kritisch,élevé,haute,alta,alto,critico",
      "medium": "medium,moderate,normal,average,2,mittel,moyen,moyenne,media,medio",
      "low": "low,minor,3,4,niedrig,gering,faible,bas,baja,bajo,baixa",
    ]),
    "outcome": table([
      "substantiated": "substantiated,founded,confirmed,proven,begründet,bestätigt,fondé,fundado,confirmado,fondato",
      "unsubstantiated": "unsubstantiated,unfounded,not proven,not substantiated,unbegründet,non fondé,infundado",
      "inconclusive": "inconclusive,insufficient information,undetermined,nicht feststellbar,inconcluant",
      "policy_violation": "policy violation,violation,breach,verstoß,violación",
      "no_violation": "no violation,no breach,kein verstoß,sin violación",
    ]),
    "channel": table([
      "phone": "phone,hotline,telephone,call,call center,helpline,telefon,téléphone,teléfono,telefone,telefono",
      "web_form": "web,web form,webform,online,internet,website,intake form,webformular,en ligne,en línea,portal",
      "email": "email,e-mail,mail,correo",
      "proxy": "proxy,on behalf,open door,manager,in person,walk-in,persönlich,en personne",
      "chatbot": "chat,chatbot",
      "direct_entry": "direct entry,manual,letter,post,mail letter,fax,brief,courrier,manuell",
    ]),
    "reporter_type": table([
      "anonymous": "anonymous,anon,anonym,anonyme,anónimo,anônimo,anonimo",
      "identified": "identified,named,namentlich,identifié,identificado,not anonymous,nicht anonym",
      "confidential": "confidential,partially anonymous,vertraulich,confidentiel,confidencial",
    ]),
    "disclosure_type": table([
      "coi":
        "coi,conflict of interest,conflicts of interest,interessenkonflikt,conflit d'intérêts,conflicto de interés",
      "gift": "gift,gifts,gift and entertainment,hospitality,geschenk,cadeau,regalo",
      "outside_employment": "outside employment,outside activity,second job,nebentätigkeit,nebenbeschäftigung",
      "political": "political,political contribution,political activity,politisch",
      "charitable": "charitable,charity,donation,spende,don,donación",
      "travel": "travel,trip,reise,voyage,viaje",
    ]),
    "policy_type": table([
      "code_of_conduct": "code of conduct,code of ethics,verhaltenskodex,code de conduite,código de conducta",
      "anti_harassment": "anti-harassment,harassment,discrimination,belästigung,harcèlement,acoso",
      "anti_bribery": "anti-bribery,anti-corruption,bribery,corruption,abac,korruption,anticorruption",
      "data_privacy": "data privacy,privacy,data protection,gdpr,datenschutz,protection des données",
      "information_security": "information security,it security,cybersecurity,infosec,informationssicherheit",
      "gift_entertainment": "gifts and entertainment,gifts,hospitality,geschenke",
      "conflicts_of_interest": "conflicts of interest,conflict of interest,interessenkonflikte",
      "travel_expense": "travel and expense,travel,expenses,reisekosten",
      "whistleblower": "whistleblower,whistleblowing,speak up,non-retaliation,hinweisgeber",
      "social_media": "social media,soziale medien",
      "acceptable_use": "acceptable use,it use,nutzung",
    ]),
  ]

  /// The words that a field takes, with a case's stages and outcomes beside its status.
  package static func offered(_ target: String, of entity: ImportEntity) -> [String] {
    if entity == .case, target == "status" { return caseStates }
    guard case .enumeration(let words) = TargetSchema.field(named: target, of: entity)?.kind else { return [] }
    return words
  }

  private static let caseStates =
    ["new/new", "open/assigned", "open/active", "open/review"]
    + ["closed/closed", "closed/remediation", "closed/archived"].flatMap { state in
      [state]
        + ["substantiated", "unsubstantiated", "inconclusive", "policy_violation", "no_violation"].map {
          state + "/" + $0
        }
    }

  /// What a source's word becomes, if that is plain: the same, or a known name of it.
  package static func suggestion(_ value: String, target: String, of entity: ImportEntity) -> String? {
    guard let words = known[entity]?[plain(target)] else { return nil }
    // What is folded already stays what it is.
    return words[value] ?? words[fold(value)]
  }

  /// Our words by what is plainly one of them, folded, for each field that takes only certain words: every cell of such
  /// a column is looked up.
  private static let known: [ImportEntity: [String: [String: String]]] = Dictionary(
    uniqueKeysWithValues: ImportEntity.allCases.map { entity in
      let fields = TargetSchema.fields(of: entity).map { ($0.name, known($0.name, of: entity)) }
      return (entity, Dictionary(fields) { first, _ in first }.filter { !$0.value.isEmpty })
    })

  private static func known(_ target: String, of entity: ImportEntity) -> [String: String] {
    let words = offered(target, of: entity)
    var known = Dictionary(words.map { (fold($0), $0) }) { first, _ in first }
    for (name, meant) in synonyms[target] ?? [:] where known[name] == nil {
      known[name] = meant.first(where: words.contains)
    }
    if entity == .case, target == "status" {
      known.merge(["new": "new/new", "open": "open/active", "closed": "closed/closed"]) { first, _ in first }
    }
    return known
  }

  /// `parties[n].role` of `parties[2].role`.
  static func plain(_ target: String) -> String {
    // A regular expression is made anew each time it is asked, and most fields have no number.
    target.utf8.contains(UInt8(ascii: "[")) ? target.replacing(/\[[1-9]\]/, with: "[n]") : target
  }
}
