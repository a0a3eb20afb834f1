import Testing

@testable import EventLoop

@Suite("A line")
struct WaitingLineTests {
    private final class Person {
        let number: Int
        init(_ number: Int) { self.number = number }
    }

    @Test("serves in the order of arrival, without those who left, like an array does")
    func order() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            var line = WaitingLine<Person>()
            var expected: [Person] = []
            for number in 0..<200 {
                switch UInt8.random(in: 0..<4, using: &random) {
                case 0, 1:
                    let person = Person(number)
                    line.append(person)
                    expected.append(person)
                case 2:
                    #expect(line.popFirst() === (expected.isEmpty ? nil : expected.removeFirst()))
                default:
                    guard let leaving = expected.randomElement() else { continue }
                    line.remove(leaving)
                    expected.removeAll { $0 === leaving }
                }
                #expect(line.count == expected.count)
            }
            for person in expected { #expect(line.popFirst() === person) }
            #expect(line.popFirst() == nil && line.count == 0)
        }
    }

    @Test("is left alone by somebody who is not in it, or has been served")
    func strangers() {
        var line = WaitingLine<Person>()
        let (served, waiting) = (Person(1), Person(2))
        line.append(served)
        line.append(waiting)
        #expect(line.popFirst() === served)
        for person in [served, Person(3)] { line.remove(person) }
        #expect(line.count == 1 && line.popFirst() === waiting)
    }

    @Test("does not keep those who were served")
    func memory() {
        var line = WaitingLine<Person>()
        weak var first: Person?
        do {
            let person = Person(1)
            first = person
            line.append(person)
        }
        for number in 2..<100 { line.append(Person(number)) }
        #expect(line.popFirst()?.number == 1)
        #expect(first == nil)
    }
}
