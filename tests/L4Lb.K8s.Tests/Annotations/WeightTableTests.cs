using System.Net;
using L4Lb.K8s.Annotations;

namespace L4Lb.K8s.Tests.Annotations;

public class WeightTableTests
{
    [Theory]
    [InlineData("10.0.0.1:80", 3)]
    [InlineData("10.0.0.2:8080", 1)]
    [InlineData("10.0.0.2:8081", null)]
    [InlineData("10.0.0.3:80", 7)]
    [InlineData("10.0.0.3:81", 5)]
    [InlineData("[fd00::1]:80", 2)]
    [InlineData("[fd00::2]:80", 0)]
    [InlineData("10.9.9.9:80", null)]
    public void Finds_the_most_exact_entry(string backend, int? weight)
    {
        Assert.Null(WeightTable.Parse("10.0.0.1=3, 10.0.0.2:8080=1,10.0.0.3=5,10.0.0.3:80=7,[fd00::1]:80=2,fd00::2=0", out var table));
        Assert.Equal(weight, table.Find(IPEndPoint.Parse(backend)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.1=")]
    [InlineData("10.0.0.1=-1")]
    [InlineData("10.0.0.1=65536")]
    [InlineData("10.0.0.1=1,")]
    [InlineData("10.0.0.1=1,10.0.0.1=2")]
    [InlineData("10.1=1")]
    [InlineData("web=1")]
    [InlineData("10.0.0.1:0=1")]
    [InlineData("10.0.0.1:=1")]
    [InlineData("[fd00::1]80=1")]
    public void Says_what_is_wrong(string text)
    {
        Assert.NotNull(WeightTable.Parse(text, out var table));
        Assert.Equal(0, table.Count);
    }
}
