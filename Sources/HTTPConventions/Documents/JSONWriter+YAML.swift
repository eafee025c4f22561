import EventSourcing
import Yams

extension JSONWriter {
    /// Writes a YAML value as JSON, its members in their order.
    mutating func yaml(_ node: Node) {
        switch node {
        case .mapping(let mapping):
            object { json in
                for (name, value) in mapping { json.member(named: name.string ?? "") { $0.yaml(value) } }
            }
        case .sequence(let sequence):
            array(sequence) { $0.yaml($1) }
        case .scalar(let scalar):
            self.scalar(node, written: scalar.string)
        case .alias:
            null()
        }
    }

    private mutating func scalar(_ node: Node, written text: String) {
        switch node.tag {
        case Tag(.null): null()
        case Tag(.bool): literal(node.bool == true ? "true" : "false")
        case Tag(.int): if let number = node.int { literal(String(number)) } else { string(text) }
        case Tag(.float):
            if let number = node.float, number.isFinite { literal(String(number)) } else { string(text) }
        default: string(text)
        }
    }
}
