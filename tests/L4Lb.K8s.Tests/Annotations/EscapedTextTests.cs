using L4Lb.K8s.Annotations;

namespace L4Lb.K8s.Tests.Annotations;

public class EscapedTextTests
{
    [Theory]
    [InlineData("a,b", "a|b")]
    [InlineData(@"a\,b , c", @"a\,b|c")]
    [InlineData(@"a\\,b", @"a\\|b")]
    [InlineData("", "")]
    [InlineData(",", "|")]
    [InlineData(@"a\", @"a\")]
    public void Is_cut_at_separators_without_a_backslash(string text, string parts) =>
        Assert.Equal(parts, string.Join('|', EscapedText.Split(text, ',')));

    [Fact]
    public void The_last_part_keeps_its_separators() => Assert.Equal(["a", "b/c"], EscapedText.Split("a/b/c", '/', most: 2));

    [Theory]
    [InlineData(@"a\r\n\t\x00\xFF\,\/\\", "a\r\n\t\0\u00ff,/\\")]
    [InlineData("é€😀", "\u00c3\u00a9\u00e2\u0082\u00ac\u00f0\u009f\u0098\u0080")]
    public void Becomes_one_character_per_byte(string text, string bytes)
    {
        Assert.Null(EscapedText.Decode(text, out var decoded));
        Assert.Equal(bytes, decoded);
    }

    [Theory]
    [InlineData(@"a\q", @"\q")]
    [InlineData(@"\x4", @"\x")]
    [InlineData(@"\xgg", @"\x")]
    [InlineData(@"a\", @"\")]
    public void Names_the_bad_escape(string text, string escape) =>
        Assert.StartsWith($"\"{escape}\" is no escape", EscapedText.Decode(text, out _), StringComparison.Ordinal);

    [Fact]
    public void Every_text_of_bytes_can_be_written()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            // Half of them out of the characters that matter.
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ =>
                random.Next(2) == 0 ? (char)random.Next(256) : @"\,/ xnrt0=;"[random.Next(11)]));

            var written = EscapedText.Encode(text, ",/");

            Assert.DoesNotContain(written, static c => c is < ' ' or > '~');
            Assert.Equal(written, Assert.Single(EscapedText.Split(written, ',')));
            Assert.Single(EscapedText.Split(written, '/'));
            Assert.Null(EscapedText.Decode(written, out var read));
            Assert.Equal(text, read);
        }
    }
}
