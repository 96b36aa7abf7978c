# Installs mlflow-auth for one user, without administrator rights:
#
#   .\install.ps1 [-To <folder>] [-Version <version>]
#
# It goes to %LOCALAPPDATA%\Programs\mlflow-auth, once its SHA-256 is the one of the release and, where gh is signed in, its
# attestation is right. MLFLOW_AUTH_RELEASES_URL names a mirror that holds a folder v<version> for each release: https, file: or
# http on loopback.
param([string]$To = '', [string]$Version = '')

function Install-MlflowAuth {
    param([string]$To, [string]$Version)

    Set-StrictMode -Version 2.0
    $ErrorActionPreference = 'Stop'
    # The bar makes Windows PowerShell download many times slower.
    $ProgressPreference = 'SilentlyContinue'

    # A release fills these two in.
    $repository = '@repository@'
    $released = '@version@'

    function Stop-Install([string]$Message, [string]$Remedy) {
        throw "mlflow-auth: $Message`n  try:  $Remedy"
    }

    function Get-ReleaseFile([string]$Url, [string]$Path) {
        try {
            $uri = [Uri]$Url
            if ($uri.Scheme -eq 'file') {
                Copy-Item -LiteralPath $uri.LocalPath -Destination $Path
            } else {
                Invoke-WebRequest -UseBasicParsing -Uri $uri -OutFile $Path
            }
        } catch {
            Stop-Install "Cannot fetch `"$Url`": $($_.Exception.Message)" 'check the version, and that this machine reaches the release (MLFLOW_AUTH_RELEASES_URL names a mirror)'
        }
    }

    if ([Environment]::OSVersion.Platform -ne [PlatformID]::Win32NT) {
        Stop-Install 'Cannot install "mlflow-auth": this is the installer for Windows' 'run install.sh of the same release'
    }
    # A 32-bit shell says its own architecture first.
    $machine = if ($env:PROCESSOR_ARCHITEW6432) { $env:PROCESSOR_ARCHITEW6432 } else { $env:PROCESSOR_ARCHITECTURE }
    # Windows on ARM runs programs for x64.
    if ($machine -ne 'AMD64' -and $machine -ne 'ARM64') {
        Stop-Install "Cannot install `"mlflow-auth`" on `"Windows $machine`": no release is built for it" 'use Windows on x64 or arm64'
    }
    $isReleased = -not $repository.StartsWith('@')
    if (-not $Version) { $Version = $released }
    $Version = $Version -replace '^v', ''
    if ($Version.StartsWith('@')) {
        Stop-Install 'Cannot choose a version: this install.ps1 is not from a release' '.\install.ps1 -Version <version>'
    }
    $base = $env:MLFLOW_AUTH_RELEASES_URL
    if (-not $base) {
        if (-not $isReleased) {
            Stop-Install 'Cannot tell where releases are: this install.ps1 is not from one' 'take the install.ps1 of a release, or set MLFLOW_AUTH_RELEASES_URL'
        }
        $base = "https://github.com/$repository/releases/download"
    } elseif ($base -notmatch '^(https://|file:///|http://(127\.0\.0\.1|localhost)[:/])' -or $base.Contains('@')) {
        Stop-Install 'Cannot use "MLFLOW_AUTH_RELEASES_URL": it is no https URL' 'write an https URL (file:/// or http on loopback will do too), or unset it'
    }
    if (-not $To) { $To = Join-Path $env:LOCALAPPDATA 'Programs\mlflow-auth' }

    # Windows PowerShell may still begin with TLS 1.0.
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
    $archive = 'mlflow-auth-x86_64-pc-windows-msvc.zip'
    $from = $base.TrimEnd('/') + "/v$Version"
    $work = Join-Path ([IO.Path]::GetTempPath()) ('mlflow-auth-' + [Guid]::NewGuid().ToString('N'))
    New-Item -ItemType Directory -Path $work | Out-Null
    try {
        $sums = Join-Path $work 'SHA256SUMS'
        $zip = Join-Path $work $archive
        Get-ReleaseFile "$from/SHA256SUMS" $sums
        Get-ReleaseFile "$from/$archive" $zip

        $line = @(Get-Content -LiteralPath $sums | Where-Object { ($_ -split '\s+')[1] -eq $archive })
        if ($line.Count -ne 1) {
            Stop-Install "Cannot install `"$archive`": the SHA256SUMS of v$Version does not name it" 'choose a version that is built for Windows'
        }
        $expected = ($line[0] -split '\s+')[0]
        $actual = (Get-FileHash -Algorithm SHA256 -LiteralPath $zip).Hash.ToLowerInvariant()
        if ($actual -ne $expected) {
            Stop-Install "Cannot use `"$archive`": its SHA-256 is $actual, and SHA256SUMS says $expected" 'fetch it again; if it is the same, do not run it, and report the difference'
        }

        if ($isReleased -and (Get-Command gh -CommandType Application -ErrorAction SilentlyContinue)) {
            # What a program writes to its standard error is no error of this script.
            $ErrorActionPreference = 'Continue'
            & gh auth status *> $null
            $isSignedIn = $LASTEXITCODE -eq 0
            if ($isSignedIn) { & gh attestation verify $zip --repo $repository *> $null }
            $isAttested = $LASTEXITCODE -eq 0
            $ErrorActionPreference = 'Stop'
            if (-not $isSignedIn) {
                Write-Host 'mlflow-auth: its attestation was not checked, as gh is not signed in'
            } elseif (-not $isAttested) {
                Stop-Install "Cannot use `"$archive`": gh finds no attestation that $repository built it" "look at the reason: gh attestation verify $archive --repo $repository"
            } else {
                Write-Host "mlflow-auth: its attestation says that $repository built it"
            }
        }

        Expand-Archive -LiteralPath $zip -DestinationPath $work
        New-Item -ItemType Directory -Force -Path $To | Out-Null
        $program = Join-Path $To 'mlflow-auth.exe'
        # A program that runs can be renamed, and not replaced.
        if (Test-Path -LiteralPath $program) {
            Remove-Item -LiteralPath "$program.old" -Force -ErrorAction SilentlyContinue
            Move-Item -LiteralPath $program -Destination "$program.old" -Force
        }
        Move-Item -LiteralPath (Join-Path $work 'mlflow-auth.exe') -Destination $program
        Remove-Item -LiteralPath "$program.old" -Force -ErrorAction SilentlyContinue
        Write-Host "mlflow-auth: version $Version is $program"
        if (($env:Path -split ';') -notcontains $To) {
            Write-Host "mlflow-auth: $To is not on Path; add it: [Environment]::SetEnvironmentVariable('Path', [Environment]::GetEnvironmentVariable('Path', 'User') + ';$To', 'User')"
        }
    } finally {
        Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction SilentlyContinue
    }
}

# At the end, so that a file that was cut short does nothing.
Install-MlflowAuth -To $To -Version $Version
