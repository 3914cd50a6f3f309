using L4Lb.Host.Tests.Client;
using L4Lb.Host.Tests.Support;

namespace L4Lb.Host.Tests.Cli;

public class ManualPageTests
{
    /// <summary>The page that is installed is the one that the commands make: L4LB_UPDATE_GOLDEN=1 writes it anew.</summary>
    [Fact]
    public async Task The_page_in_docs_says_what_the_commands_do()
    {
        var (code, page, _) = await CommandRig.RunAsync(null, ["man"]);

        Assert.Equal(0, code);
        Golden.Check(page, "../../docs/l4lb.1");
    }
}
