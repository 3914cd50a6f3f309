using L4Lb.K8s.Reading;

namespace L4Lb.K8s.Tests.Reading;

public sealed class DocumentSplitterTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n---\nb", new[] { "a\n", "---\nb" })]
    [InlineData("---\na\n---\nb\n", new[] { "---\na\n", "---\nb\n" })]
    [InlineData("a\r\n---\r\nb", new[] { "a\r\n", "---\r\nb" })]
    [InlineData("a\n--- # c\nb", new[] { "a\n", "--- # c\nb" })]
    [InlineData("a\n--- {}\n", new[] { "a\n", "--- {}\n" })]
    [InlineData("a\n---", new[] { "a\n", "---" })]
    [InlineData("a\n----\nb\n---c\n", new[] { "a\n----\nb\n---c\n" })]
    [InlineData("a: |\n  ---\n  b\n", new[] { "a: |\n  ---\n  b\n" })]
    [InlineData("a\n...\nb\n", new[] { "a\n...\n", "b\n" })]
    [InlineData("a\n...\n---\nb\n", new[] { "a\n...\n", "---\nb\n" })]
    [InlineData("a\n...\n%YAML 1.1\n---\nb\n", new[] { "a\n...\n", "%YAML 1.1\n---\nb\n" })]
    [InlineData("# c\n\n%YAML 1.1\n---\na\n", new[] { "# c\n\n%YAML 1.1\n---\na\n" })]
    [InlineData("....\n---\na", new[] { "....\n", "---\na" })]
    public void TextIsCutAtItsMarkers(string text, string[] documents) =>
        Assert.Equal(documents, DocumentSplitter.Split(text).Select(d => text.Substring(d.Start, d.Length)));
}
