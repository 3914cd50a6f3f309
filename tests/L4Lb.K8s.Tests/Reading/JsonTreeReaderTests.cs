using System.Text;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Tests.Reading;

public sealed class JsonTreeReaderTests
{
    [Fact]
    public void A_key_can_be_passed_over_wherever_it_is()
    {
        var root = Read("""{"skip":{"a":[1,{"skip":2}]},"items":[{"skip":[],"b":1},{"c":{"skip":null,"d":2}}],"skip":1}""", "skip");
        Assert.Equal("""{"items":[{"b":1},{"c":{"d":2}}]}""", TreeJson.Print(root));
    }

    [Fact]
    public void Lines_are_counted_whatever_is_passed_over()
    {
        var root = (MappingNode)Read("{\n\"a\":\n1,\"skip\":[\n\n],\n\"b\":true,\"c\":\nnull\n,\"d\":[\n{},\nfalse]}", "skip");
        Assert.Equal([1, 5, 5, 7], root.Entries.Select(static e => e.Line));
        Assert.Equal([2, 5, 6, 7], root.Entries.Select(static e => e.Value.Line));
        Assert.Equal([8, 9], ((SequenceNode)root.Entries[^1].Value).Items.Select(static i => i.Line));
    }

    [Theory]
    [InlineData("""{"a":"\u00e4\n\"ä€"}""", "ä\n\"ä€")]
    [InlineData("""{"a":""}""", "")]
    [InlineData("""{"a":"12345678"}""", "12345678")]
    [InlineData("""{"a":"0123456789012345678901234567890123456789"}""", "0123456789012345678901234567890123456789")]
    public void Texts_come_out_as_they_went_in(string json, string text) =>
        Assert.Equal(text, ((MappingNode)Read(json)).FindString("a"));

    [Fact]
    public void Frequent_texts_are_one_string_and_no_two_texts_are_confused()
    {
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 50_000; i++)
            {
                Assert.Equal($"node-{i}", TextPool.Get(Encoding.UTF8.GetBytes($"node-{i}")));
            }
        }

        Assert.Equal("ä", TextPool.Get("ä"u8));
        Assert.Equal("\0\0", TextPool.Get("\0\0"u8));
        Assert.Equal("\0", TextPool.Get("\0"u8));
        Assert.Same(TextPool.Get("nodeName"u8), TextPool.Get("nodeName"u8));
    }

    private static TreeNode Read(string json, string? passedOver = null) =>
        JsonTreeReader.Read(Encoding.UTF8.GetBytes(json), passedOver);
}
