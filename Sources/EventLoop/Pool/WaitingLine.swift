/// Who came first is served first, and anybody may leave from the middle.
///
/// Leaving looks through the line, O(n): good enough, because a line has a bound and a long one is refused.
package struct WaitingLine<Element: AnyObject> {
    private var elements: [Element?] = []
    /// Those before it have been served.
    private var head = 0

    package init() {}

    package var count: Int { elements.count - head }

    package mutating func append(_ element: Element) {
        elements.append(element)
    }

    package mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let element = elements[head].take()
        head += 1
        // Half of the storage at most is of those who have been served.
        if head * 2 >= elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }

    /// Takes an element out of the line; nothing happens when it is not there.
    package mutating func remove(_ element: Element) {
        guard let index = elements[head...].firstIndex(where: { $0 === element }) else { return }
        elements.remove(at: index)
    }
}
