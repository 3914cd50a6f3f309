using L4Lb.Engine.Datagrams;

namespace L4Lb.Engine.Tests.Datagrams;

public sealed unsafe class DatagramTests
{
    [Theory]
    [InlineData(0, 0, new[] { 0 })]
    [InlineData(5, 5, new[] { 5 })]
    [InlineData(10, 5, new[] { 5, 5 })]
    [InlineData(11, 5, new[] { 5, 5, 1 })]
    [InlineData(4, 1, new[] { 1, 1, 1, 1 })]
    [InlineData(3, 5, new[] { 3 })]
    public void Is_as_many_as_its_segments_and_walks_over_each(int length, int segment, int[] expected)
    {
        var bytes = stackalloc byte[length + 1];
        var datagram = new Datagram(bytes, length, segment);
        var walked = new List<int>();
        var at = bytes;
        foreach (var single in datagram)
        {
            Assert.True(single.Data == at);
            Assert.Equal((single.Length, 1), (single.Segment, single.Count));
            at += single.Length;
            walked.Add(single.Length);
        }

        Assert.Equal(expected, walked);
        Assert.Equal((expected.Length, expected[0]), (datagram.Count, datagram.First.Length));
        Assert.Equal(length, datagram.Bytes.Length);
    }

    [Fact]
    public void A_single_one_may_be_empty()
    {
        var datagram = new Datagram(null, 0);

        Assert.Equal((1, 0), (datagram.Count, datagram.First.Length));
        Assert.True(datagram.Bytes.IsEmpty);
    }
}
