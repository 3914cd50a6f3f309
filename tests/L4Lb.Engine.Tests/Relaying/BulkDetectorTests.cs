using L4Lb.Engine.Relaying;

namespace L4Lb.Engine.Tests.Relaying;

public sealed class BulkDetectorTests
{
    private const int Full = 128 * 1024;

    [Fact]
    public void A_run_of_full_reads_is_bulk_and_no_read_before_its_end()
    {
        var detector = default(BulkDetector);
        Observe(ref detector, Full, 7);
        Assert.False(detector.IsBulk);

        detector.Observe(Full);

        Assert.True(detector.IsBulk);
    }

    [Fact]
    public void Messages_are_not()
    {
        var detector = default(BulkDetector);
        Observe(ref detector, 16 * 1024, 100);

        Assert.False(detector.IsBulk);
    }

    [Fact]
    public void One_odd_read_changes_nothing()
    {
        var detector = default(BulkDetector);
        Observe(ref detector, Full, 8);

        detector.Observe(1);
        Observe(ref detector, Full, 7);

        Assert.True(detector.IsBulk);
    }

    [Fact]
    public void It_stays_bulk_between_the_two_thresholds_and_ends_below_the_lower()
    {
        var detector = default(BulkDetector);
        Observe(ref detector, Full, 8);
        Observe(ref detector, 16 * 1024, 8);
        Assert.True(detector.IsBulk);

        Observe(ref detector, (16 * 1024) - 1, 8);

        Assert.False(detector.IsBulk);
    }

    /// <summary>Splicing may report a mebibyte at a time.</summary>
    [Fact]
    public void The_largest_reads_do_not_overflow()
    {
        var detector = default(BulkDetector);
        Observe(ref detector, 1024 * 1024, 80);

        Assert.True(detector.IsBulk);
    }

    private static void Observe(ref BulkDetector detector, int bytes, int times)
    {
        for (var i = 0; i < times; i++)
        {
            detector.Observe(bytes);
        }
    }
}
