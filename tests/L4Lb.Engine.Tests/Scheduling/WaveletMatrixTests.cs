using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class WaveletMatrixTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(130)]
    public void Agrees_with_sorting(int length)
    {
        int[] permutation = [.. Enumerable.Range(0, length)];
        new Random(length).Shuffle(permutation);
        var matrix = new WaveletMatrix(permutation);

        for (var count = 1; count <= length; count++)
        {
            int[] sorted = [.. permutation.Take(count).Order()];
            Assert.Equal(sorted, Enumerable.Range(0, count).Select(rank => matrix.SmallestOfFirst(count, rank)));
        }
    }
}
