using L4Lb.Host.Client.Get;

namespace L4Lb.Host.Tests.Client;

public class TableWriterTests
{
    [Fact]
    public void Columns_are_as_wide_as_their_longest_cell_and_nothing_is_cut()
    {
        var output = new StringWriter { NewLine = "\n" };

        new TableWriter(output, ["NAME", "ACTIVE", "REASON"]).Write(
            [["a-name-that-is-long", "1", new string('x', 200)], ["b", "1000000", ""]]);

        Assert.Equal(
            $"""
            NAME                  ACTIVE    REASON
            a-name-that-is-long   1         {new string('x', 200)}
            b                     1000000   {""}

            """.ReplaceLineEndings("\n"),
            output.ToString());
    }

    [Fact]
    public void Rows_that_come_later_stand_below_the_same_headings()
    {
        var output = new StringWriter { NewLine = "\n" };
        var table = new TableWriter(output, ["NAME", "N"]);

        table.Write([["long-name", "1"]]);
        table.Write([["b", "2"]]);
        table.Write([["longer-name", "3"]]);

        Assert.Equal("NAME        N\nlong-name   1\nb           2\nlonger-name   3\n", output.ToString());
    }
}
