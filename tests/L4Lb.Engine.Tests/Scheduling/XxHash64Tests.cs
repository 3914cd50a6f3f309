using System.Text;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class XxHash64Tests
{
    /// <summary>Values of the reference implementation (Cyan4973/xxHash).</summary>
    [Theory]
    [InlineData("", 0, 0xEF46DB3751D8E999)]
    [InlineData("a", 0, 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0, 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0, 0xFBCEA83C8A378BF1)]
    public void Gives_the_published_values(string text, ulong seed, ulong expected) =>
        Assert.Equal(expected, XxHash64.Of(Encoding.ASCII.GetBytes(text), seed));

    [Fact]
    public void Depends_on_the_seed() => Assert.NotEqual(XxHash64.Of("a"u8), XxHash64.Of("a"u8, seed: 1));
}
